import { expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { exclusiveResources } from './rivals.ts';

it('names PCI devices and images that are written, and nothing that two domains can read', () => {
  const devices = [
    "<disk type='file'><source file='/images//win11.qcow2'/><target dev='vda'/></disk>",
    "<disk type='volume'><source pool='default' volume='games'/><target dev='vdb'/></disk>",
    "<disk type='file' device='cdrom'><source file='/iso/win11.iso'/><target dev='sda'/></disk>",
    "<disk type='file'><source file='/images/base.qcow2'/><target dev='vdc'/><readonly/></disk>",
    "<disk type='block'><source dev='/dev/cluster'/><target dev='vdd'/><shareable/></disk>",
    "<disk type='file' device='cdrom'><target dev='sdb'/></disk>",
  ];
  const found = exclusiveResources(aDocument(aDefinition({ devices: devices.join('') })));
  expect([...found]).toEqual(['pci 0000:01:00.0', 'path /images/win11.qcow2', 'volume default/games']);
});
