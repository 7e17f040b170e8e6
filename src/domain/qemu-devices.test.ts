import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { qemuDevices, qemuOptions } from './qemu-devices.ts';

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
      withArguments(
        '-device',
        'vfio-pci,host=01:00.0,x-vga=on',
        '--device',
        '{"driver":"vfio-pci","host":"0000:02:00.0","x-vga":false}',
        '-foo',
        '-device',
        '{',
      ),
    );
    expect(devices.map(({ driver, properties }) => [driver, properties.get('host'), properties.get('x-vga')])).toEqual([
      ['vfio-pci', '01:00.0', 'on'],
      ['vfio-pci', '0000:02:00.0', 'off'],
    ]);
  });
});

describe('qemuOptions', () => {
  it('finds the values of one option only', () => {
    const document = withArguments('-set', 'device.hostdev0.x-vga=on', '-global', 'a.b=c', '-set');
    expect(qemuOptions(document, 'set').map(({ value }) => value)).toEqual(['device.hostdev0.x-vga=on']);
  });
});
