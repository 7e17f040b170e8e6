import { expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { passedAddresses } from './passed-addresses.ts';

it('has devices of libvirt and of arguments for QEMU', () => {
  const devices = ['vfio-pci,host=02:00.0', 'vfio-pci-nohotplug,host=0000:03:00.1', 'vfio-pci,sysfsdev=/sys/x', 'e1000,host=04:00.0'];
  const body = `<qemu:commandline>${devices.map((value) => `<qemu:arg value='-device'/><qemu:arg value='${value}'/>`).join('')}</qemu:commandline>`;
  const attributes = "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";
  expect([...passedAddresses(aDocument(aDefinition({ attributes, body })))]).toEqual(['0000:01:00.0', '0000:02:00.0', '0000:03:00.1']);
});
