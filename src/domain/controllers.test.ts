import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { isQ35, pciControllers, placedDevices, placeOfBus } from './controllers.ts';

const document = (devices: string, machine = 'q35') =>
  aDocument(aDefinition({ gpu: false, body: `<os><type machine='${machine}'>hvm</type></os>`, devices }));

describe('pciControllers', () => {
  it('finds the first of each index, and tells what its bus is', () => {
    const controllers = pciControllers(
      document(`<controller type='pci' index='0' model='pcie-root'/><controller type='pci' index='1' model='pcie-root-port'/>
        <controller type='pci' index='0x10' model='pcie-to-pci-bridge'/><controller type='pci' index='1' model='pci-bridge'/>
        <controller type='usb' index='2'/><controller type='pci' index='x'/><controller type='pci' index='9' model='new-kind'/>`),
    );
    expect([...controllers.keys()]).toEqual([0, 1, 16, 9]);
    expect([0, 1, 16, 9, 7].map((bus) => placeOfBus(controllers, bus, true))).toEqual([
      'root',
      'port',
      'conventional',
      'unknown',
      'unknown',
    ]);
  });

  it('knows the root bus of a Q35 that is not written', () => {
    expect(placeOfBus(new Map(), 0, true)).toBe('root');
    expect(placeOfBus(new Map(), 0, false)).toBe('conventional');
  });
});

describe('isQ35', () => {
  it.each([
    ['q35', true],
    ['pc-q35-9.2', true],
    ['pc-q35-rhel9.4.0', true],
    ['pc-i440fx-8.2', false],
    ['pc', false],
    ['virt', false],
    ['xq35', false],
  ])('%s: %s', (machine, expected) => {
    expect(isQ35(document('', machine))).toBe(expected);
  });
});

describe('placedDevices', () => {
  it('finds what has a whole PCI address', () => {
    const placed = placedDevices(
      document(`<video><address type='pci' bus='0' slot='1'/></video><sound><address type='pci'/></sound>
        <input><address type='usb' bus='0' port='1'/></input><hostdev><source><address bus='1' slot='0'/></source></hostdev>
        <rng><address type='pci' bus='0xfff' slot='1'/></rng>`),
    );
    expect(placed.map(({ element }) => element.name)).toEqual(['video']);
  });
});
