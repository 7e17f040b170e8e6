import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './qemu-device.ts';

const judge = (value: string) =>
  judgeOneDomain(rule, {
    attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'",
    body: `<qemu:commandline><qemu:arg value='-device'/><qemu:arg value='${value}'/></qemu:commandline>`,
  });

describe(rule.id, () => {
  it.each(['vfio-pci,host=01:00.1', '{"driver":"vfio-pci","host":"0000:01:00.1"}'])('fails for %s, and writes the hostdev', (value) => {
    expect(judge(value)).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('01:00.1 is given to QEMU behind the back of libvirt'),
      remedy: { steps: [{ line: expect.stringContaining("<address domain='0x0000' bus='0x01' slot='0x00' function='0x1'/>") }] },
    });
  });

  it('fails for a slice, without a line to write', () => {
    const outcome = judge('vfio-pci,sysfsdev=/sys/bus/mdev/devices/x');
    expect(outcome).toMatchObject({ status: 'fail' });
    expect('remedy' in outcome ? outcome.remedy.steps : null).toBeUndefined();
  });

  it('passes with other devices, and says nothing without any', () => {
    expect(judge('ivshmem-plain,memdev=looking-glass')).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
  });
});
