import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './mode.ts';

const QEMU = "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";
const argument = (value: string): string => `<qemu:commandline><qemu:arg value='-cpu'/><qemu:arg value='${value}'/></qemu:commandline>`;

describe(rule.id, () => {
  it.each(["<cpu mode='host-passthrough' check='none'/>", "<cpu mode='maximum'/>"])('passes with %s', (body) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['', 'major', 'no processor is named, and the guest gets qemu64, which has neither AES nor AVX'],
    ["<cpu><topology sockets='1' cores='1' threads='1'/></cpu>", 'major', expect.stringContaining('qemu64')],
    ['<cpu><model>kvm64</model></cpu>', 'major', 'the guest gets the model kvm64'],
    [
      "<cpu mode='custom' match='exact'><model fallback='allow'>Skylake-Client</model></cpu>",
      'minor',
      'the guest gets the model Skylake-Client',
    ],
    ["<cpu mode='host-model'/>", 'minor', 'the mode host-model gives the guest the nearest model that libvirt knows'],
  ])('fails with "%s", as badly as it is', (body, severity, message) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({
      status: 'fail',
      severity,
      message,
      evidence: [{ expected: "mode='host-passthrough'" }],
    });
  });

  it('obeys -cpu of the QEMU command line, as QEMU does', () => {
    const mode = "<cpu mode='host-model'/>";
    expect(judgeOneDomain(rule, { attributes: QEMU, body: mode + argument('host,kvm=off') })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { attributes: QEMU, body: "<cpu mode='host-passthrough'/>" + argument('qemu64') })).toMatchObject({
      status: 'fail',
      message: 'the QEMU command line gives the guest the processor qemu64',
    });
  });

  it('is not applicable without KVM, without a device, and to macOS', () => {
    const macos = judgeOneDomain(rule, { name: 'macos', os: null, body: '<cpu><model>Penryn</model></cpu>' });
    const without = judgeOneDomain(rule, { gpu: false });
    const emulated = judgeOneDomain(rule, { attributes: "type='qemu'" });
    expect([macos, without, emulated].map(({ status }) => status)).toEqual(['not-applicable', 'not-applicable', 'not-applicable']);
  });

  it('says nothing of a guest that can be moved: with teamed network cards, or slices only', () => {
    const slice =
      "<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source><address uuid='4b20d080-1b54-4048-85b3-a6a62d165c01'/></source></hostdev>";
    const teamed = "<interface type='hostdev'><teaming type='transient' persistent='ua-1'/></interface>";
    const body = "<cpu mode='host-model'/>";
    expect(judgeOneDomain(rule, { body, gpu: false, devices: slice })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body, devices: teamed })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body, devices: slice })).toMatchObject({ status: 'fail' });
  });
});
