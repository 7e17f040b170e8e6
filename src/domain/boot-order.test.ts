import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { bootDevices, osBootElements } from './boot-order.ts';

const orders = (devices: string) =>
  bootDevices(aDocument(aDefinition({ gpu: false, devices }))).map(({ order, bootClass }) => [order, bootClass]);

describe('bootDevices', () => {
  it('finds disks, drives, network cards and host devices that have an order', () => {
    expect(
      orders(
        "<disk><boot order='2'/></disk><disk device='cdrom'><boot order='1'/></disk><disk/><interface type='user'><boot order='3'/></interface><hostdev><boot order='04'/></hostdev><disk device='floppy'><boot order='5'/></disk>",
      ),
    ).toEqual([
      [2, 'hd'],
      [1, 'cdrom'],
      [3, 'network'],
      [4, 'hostdev'],
      [5, 'fd'],
    ]);
  });

  it.each(['0', 'x', '-1', '', '99999999999'])('an order of %j is none', (order) => {
    expect(orders(`<disk><boot order='${order}'/></disk>`)).toEqual([[null, 'hd']]);
  });
});

describe('osBootElements', () => {
  it('finds the list of <os>, and not the menu', () => {
    const body = "<os><type>hvm</type><boot dev='cdrom'/><boot dev='hd'/><bootmenu enable='yes'/></os>";
    expect(osBootElements(aDocument(aDefinition({ body })))).toHaveLength(2);
  });
});
