import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './q35.ts';

const os = (machine: string): string => `<os>\n    <type arch='x86_64'${machine}>hvm</type>\n  </os>`;

const graphics = (slot: string): string =>
  `<hostdev type='pci'><source><address domain='0' bus='0' slot='2' function='0'/></source><address type='pci' domain='0' bus='0' slot='${slot}' function='0'/></hostdev>`;

describe(rule.id, () => {
  it.each(['q35', 'pc-q35-9.0', 'pc-q35-rhel9.6.0', 'pc-q35-9.2+pve1'])('passes for %s', (machine) => {
    expect(judgeOneDomain(rule, { body: os(` machine='${machine}'`) })).toMatchObject({ status: 'pass' });
  });

  it('fails for i440FX with a GPU, and names the attribute', () => {
    expect(judgeOneDomain(rule, { body: os(" machine='pc-i440fx-8.2'") })).toMatchObject({
      status: 'fail',
      message: 'the machine is pc-i440fx-8.2, an i440FX without PCI Express',
      evidence: [{ source: 'win11.xml:9', observed: "machine='pc-i440fx-8.2'", expected: 'q35' }],
    });
  });

  it('fails where none is named, which is i440FX', () => {
    expect(judgeOneDomain(rule, { body: os('') })).toMatchObject({
      status: 'fail',
      message: 'no machine is named, so libvirt takes i440FX',
    });
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'fail' });
  });

  it('is minor for a guest that needs no Secure Boot', () => {
    expect(judgeOneDomain(rule, { os: 'win/10', body: os(" machine='pc'") })).toMatchObject({ status: 'fail', severity: 'minor' });
    expect(judgeOneDomain(rule, { body: os(" machine='pc'") })).not.toHaveProperty('severity');
  });

  it('says nothing of other machines, of other architectures, and without a device of the host', () => {
    expect(judgeOneDomain(rule, { body: os(" machine='microvm'") })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { gpu: false, body: os(" machine='pc'") })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: "<os><type arch='aarch64' machine='virt'>hvm</type></os>" })).toMatchObject({
      status: 'not-applicable',
    });
  });

  it('leaves the graphics of an Intel processor at 00:02.0 of the guest alone, which wanted i440FX', () => {
    const body = os(" machine='pc'");
    expect(judgeOneDomain(rule, { body, gpu: false, devices: graphics('0x02') })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body, gpu: false, devices: graphics('0x05') })).toMatchObject({ status: 'fail' });
  });
});
