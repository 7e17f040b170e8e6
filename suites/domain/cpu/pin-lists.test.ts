import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './pin-lists.ts';

const tuned = (cputune: string, vcpu = '<vcpu>2</vcpu><iothreads>1</iothreads>'): { body: string } => ({
  body: `${vcpu}<cputune>${cputune}</cputune>`,
});

describe(rule.id, () => {
  it('passes when each thread is pinned once', () => {
    const pins =
      "<vcpupin vcpu='0' cpuset='2'/><vcpupin vcpu='1' cpuset='0-3,^2'/><emulatorpin cpuset='0,'/><iothreadpin iothread='1' cpuset='1'/>";
    expect(judgeOneDomain(rule, tuned(pins))).toMatchObject({ status: 'pass' });
  });

  it('passes with a pin of a vCPU that there is not: libvirt ignores it', () => {
    expect(judgeOneDomain(rule, tuned("<vcpupin vcpu='7' cpuset='2'/>"))).toMatchObject({ status: 'pass' });
  });

  // Each of them was given to libvirt 9.0, which refused it.
  it.each([
    ["<vcpupin vcpu='0' cpuset='0-'/>", '"0-" is no list of CPUs'],
    ["<vcpupin vcpu='0' cpuset=''/>", '"" is no list of CPUs'],
    ["<vcpupin vcpu='0' cpuset='0-99999999'/>", '"0-99999999" is no list of CPUs'],
    ["<vcpupin vcpu='0'/>", '<vcpupin> does not say which CPUs are meant'],
    ['<emulatorpin/>', '<emulatorpin> does not say which CPUs are meant'],
    ["<vcpupin cpuset='0'/>", 'a pin does not say which vcpu is meant'],
    ["<vcpupin vcpu='-1' cpuset='0'/>", '"-1" is no number of a vcpu'],
    ["<iothreadpin cpuset='0'/>", 'a pin does not say which iothread is meant'],
    ["<vcpupin vcpu='0' cpuset='0'/><vcpupin vcpu='0' cpuset='1'/>", 'vCPU 0 is pinned twice'],
    ["<iothreadpin iothread='1' cpuset='0'/><iothreadpin iothread='1' cpuset='1'/>", 'I/O thread 1 is pinned twice'],
    ["<emulatorpin cpuset='0'/><emulatorpin cpuset='1'/>", 'the emulator is pinned twice'],
    ["<iothreadpin iothread='2' cpuset='1'/>", 'I/O thread 2 is pinned, and there is none of this number'],
  ])('fails on %s', (pins, message) => {
    expect(judgeOneDomain(rule, tuned(pins))).toMatchObject({ status: 'fail', message, evidence: [{ source: 'win11.xml:8' }] });
  });

  it('judges vcpu@cpuset, too', () => {
    expect(judgeOneDomain(rule, { body: "<vcpu cpuset='x'>2</vcpu>" })).toMatchObject({
      status: 'fail',
      message: '"x" is no list of CPUs',
    });
  });

  it('names at most twenty places', () => {
    const pins = Array.from({ length: 500 }, (_, vcpu) => `<vcpupin vcpu='${vcpu}' cpuset='x'/>`).join('');
    expect(judgeDomain(rule, tuned(pins, '<vcpu>500</vcpu>'))).toHaveLength(20);
  });

  it('could not look at more than a bounded number of CPUs', () => {
    const pins = Array.from({ length: 100 }, (_, vcpu) => `<vcpupin vcpu='${vcpu}' cpuset='${vcpu}-16383'/>`).join('');
    expect(judgeOneDomain(rule, tuned(pins))).toMatchObject({ status: 'unknown' });
  });

  it('says nothing of a definition without pins', () => {
    expect(judgeOneDomain(rule, { body: '<vcpu>2</vcpu>' })).toMatchObject({ status: 'not-applicable' });
  });
});
