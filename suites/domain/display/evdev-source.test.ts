import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './evdev-source.ts';

const input = (path: string): string => `<input type='evdev'><source dev='${path}'/></input>`;
const KEYBOARD = '/dev/input/by-id/usb-Board-event-kbd';

describe(rule.id, () => {
  it.each([KEYBOARD, '/dev/input/by-path/pci-0000:00:14.0-usb-0:1:1.0-event-mouse', '/dev/my-keyboard'])('passes %s', (path) => {
    expect(judgeOneDomain(rule, { devices: input(path) })).toMatchObject({ status: 'pass' });
  });

  it('fails on a number that does not last', () => {
    expect(judgeOneDomain(rule, { devices: input('/dev/input/event4') })).toMatchObject({
      status: 'fail',
      severity: 'minor',
      evidence: [{ source: 'win11.xml:9', observed: "<source dev='/dev/input/event4'/>" }],
    });
  });

  it.each(["<input type='evdev'/>", input(''), input('event4')])('is a blocker where %s names no device', (devices) => {
    const outcome = judgeOneDomain(rule, { devices });
    expect(outcome).toMatchObject({ status: 'fail' });
    expect(outcome).not.toHaveProperty('severity');
  });

  it.each([
    ['grabToggle', 'ctrl-alt'],
    ['grab', 'on'],
    ['repeat', 'yes'],
  ])('fails on a word that libvirt does not know: %s=%s', (name, value) => {
    expect(judgeOneDomain(rule, { devices: input(`${KEYBOARD}' ${name}='${value}`) })).toMatchObject({
      status: 'fail',
      message: `${name} is ${value}, which libvirt refuses`,
      evidence: [{ source: 'win11.xml:9', observed: `${name}='${value}'` }],
    });
  });

  it('fails on a device that is passed twice, once by each way', () => {
    const body = `<commandline xmlns='http://libvirt.org/schemas/domain/qemu/1.0'><arg value='-object'/><arg value='input-linux,id=k,evdev=${KEYBOARD}'/></commandline>`;
    expect(judgeDomain(rule, { devices: input(KEYBOARD), body })).toMatchObject([
      { status: 'pass' },
      { status: 'fail', severity: 'major' },
    ]);
  });

  it('says nothing of other inputs', () => {
    expect(judgeOneDomain(rule, { devices: "<input type='mouse' bus='ps2'/>" })).toMatchObject({ status: 'not-applicable' });
  });
});
