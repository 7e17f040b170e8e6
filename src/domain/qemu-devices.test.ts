import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { isOn, parseQemuProperties, qemuDevices, qemuOptions } from './qemu-devices.ts';

const QEMU = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0' type='kvm'";
const withArguments = (...values: string[]) =>
  aDocument(
    aDefinition({
      attributes: QEMU,
      body: `<qemu:commandline>${values.map((value) => `<qemu:arg value='${value}'/>`).join('')}</qemu:commandline>`,
    }),
  );

describe('qemuDevices', () => {
  it('reads both syntaxes', () => {
    const devices = qemuDevices(
      withArguments('-device', 'vfio-pci,host=01:00.0,x-vga=on', '--device', '{"driver":"ivshmem-plain","id":"shm","master":true}', '-foo'),
    );
    expect(devices.map(({ driver, properties }) => [driver, Object.fromEntries(properties)])).toEqual([
      ['vfio-pci', { driver: 'vfio-pci', host: '01:00.0', 'x-vga': 'on' }],
      ['ivshmem-plain', { driver: 'ivshmem-plain', id: 'shm', master: 'on' }],
    ]);
  });

  it('finds the values of one option only', () => {
    const document = withArguments('-set', 'device.hostdev0.x-vga=on', '-global', 'a.b=c', '-set');
    expect(qemuOptions(document, 'set').map(({ value }) => value)).toEqual(['device.hostdev0.x-vga=on']);
  });
});

describe('parseQemuProperties', () => {
  it('takes a doubled comma for a comma', () => {
    expect(parseQemuProperties('a,b=1,,2,c').get('b')).toBe('1,2');
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => parseQemuProperties(text) instanceof Map));
  });
});

describe('isOn', () => {
  it.each([
    ['on', true],
    ['Yes', true],
    ['off', false],
    [undefined, false],
  ])('%s: %s', (value, expected) => {
    expect(isOn(value)).toBe(expected);
  });
});
