import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import { parseMachines, qemuMachines } from './qemu-machines.ts';

const HELP = `Supported machines are:
microvm              microvm (i386)
pc-i440fx-7.2        Standard PC (i440FX + PIIX, 1996) (default)
q35                  Standard PC (Q35 + ICH9, 2009) (alias of pc-q35-7.2)
pc-q35-7.2           Standard PC (Q35 + ICH9, 2009)
pc-i440fx-1.7        Standard PC (i440FX + PIIX, 1996) (deprecated)
none                 empty machine
`;
const PATH = '/usr/bin/qemu-system-x86_64';
const domain = (emulator: string): string => `<domain><name>a</name><devices><emulator>${emulator}</emulator></devices></domain>`;

describe('qemuMachines', () => {
  it('are those of the emulator of the distribution, and of the ones that definitions name', async () => {
    const host = {
      files: { [PATH]: '', '/etc/libvirt/qemu/a.xml': domain('/usr/local/bin/qemu-system-x86_64') },
      commands: {
        [`${PATH} -machine help`]: HELP,
        '/usr/local/bin/qemu-system-x86_64 -machine help': { exitCode: 1, stdout: '', stderr: '' },
      },
    };
    expect(await valueOf(qemuMachines, host)).toMatchObject([
      {
        path: PATH,
        machines: { value: [{ name: 'microvm' }, {}, { name: 'q35', aliasOf: 'pc-q35-7.2' }, {}, { isDeprecated: true }, {}] },
      },
      { path: '/usr/local/bin/qemu-system-x86_64', machines: { state: 'unreadable' } },
    ]);
  });

  it.each(['/usr/bin/reboot', '/home/me/qemu-system-x86_64', '/usr/bin/../../home/me/qemu-kvm', 'qemu-kvm'])(
    'never runs %s',
    async (emulator) => {
      const host = { files: { '/etc/libvirt/qemu/a.xml': domain(emulator) }, commands: { [`${emulator} -machine help`]: HELP } };
      expect(await valueOf(qemuMachines, host)).toEqual([]);
    },
  );
});

describe('parseMachines', () => {
  it('reads any text', () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseMachines(text))));
    expect(parseMachines('qemu: unknown option\n')).toEqual([]);
  });
});
