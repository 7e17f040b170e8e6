import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './x-vga.ts';

const judge = (option: string, value: string, os = "<os firmware='efi'/>") =>
  judgeOneDomain(rule, {
    attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'",
    body: `${os}<qemu:commandline><qemu:arg value='${option}'/><qemu:arg value='${value}'/></qemu:commandline>`,
  });

describe(rule.id, () => {
  it.each([
    ['-set', 'device.hostdev0.x-vga=on'],
    ['-device', 'vfio-pci,host=01:00.0,x-vga=on'],
    ['-global', 'vfio-pci.x-vga=true'],
  ])('calls %s %s outdated advice', (option, value) => {
    expect(judge(option, value)).toMatchObject({ status: 'fail', evidence: [{ observed: `value='${value}'` }] });
  });

  it('passes when it is off, and says nothing when the guest has a BIOS', () => {
    expect(judge('-set', 'device.hostdev0.x-vga=off')).toMatchObject({ status: 'pass' });
    expect(judge('-set', 'device.hostdev0.x-vga=on', '')).toMatchObject({
      status: 'not-applicable',
      message: expect.stringContaining('BIOS'),
    });
  });
});
