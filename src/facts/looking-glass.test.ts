import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aConfig } from '../../test/facts.ts';
import { collect, valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import { kvmfr, parseSizes } from './kvmfr.ts';
import { lookingGlassClient } from './looking-glass-client.ts';
import { findTmpfilesLine, lookingGlass } from './looking-glass.ts';

function aDefinition(name: string, devices: string, more = ''): string {
  return `<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>${name}</name><memory unit='GiB'>8</memory>
<os><type machine='q35'>hvm</type></os><devices>${devices}</devices>${more}</domain>`;
}

const SHMEM = `<shmem name='looking-glass'><model type='ivshmem-plain'/><size unit='M'>64</size></shmem>
<shmem name='scream'><model type='ivshmem-plain'/><size unit='M'>2</size></shmem>`;
const KVMFR = `<qemu:commandline><qemu:arg value='-object'/>
<qemu:arg value="{'qom-type':'memory-backend-file','id':'looking-glass','mem-path':'/dev/kvmfr0','size':67108864,'share':true}"/></qemu:commandline>`;

const HOST: MemoryHost = {
  files: {
    '/etc/os-release': 'ID=debian\n',
    '/etc/passwd':
      'root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\nlibvirt-qemu:x:64055:108::/var/lib/libvirt:/bin/false\n',
    '/etc/group': 'root:x:0:\nkvm:x:108:alice\nalice:x:1000:\n',
    '/etc/libvirt/qemu.conf': '',
    '/proc/self/status': 'Pid:\t7\nUid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nGroups:\t108 1000\n',
    '/etc/libvirt/qemu/win11.xml': aDefinition('win11', SHMEM),
    '/etc/tmpfiles.d/10-looking-glass.conf': '# Looking Glass\nf /dev/shm/looking-glass 0660 alice kvm -\n',
  },
  stats: { '/dev/shm/looking-glass': { size: 67_108_864, mode: 0o660, uid: 1000, gid: 108 } },
};

function header(version: string): Record<number, Uint8Array> {
  const session = Buffer.alloc(48);
  session.write(`KVMFR---\u0014\0\0\0${version}`, 'latin1');
  return { 0: Buffer.from('LGMP\u0006\0\0\0', 'latin1'), 5756: session };
}

describe('lookingGlass', () => {
  it('finds the shared memory of a VM, who may use it, and what makes it', async () => {
    expect(await valueOf(lookingGlass, HOST)).toMatchObject([
      {
        path: '/dev/shm/looking-glass',
        source: 'win11',
        sizeBytes: 64 * 1024 * 1024,
        stat: { state: 'ok', value: { mode: 0o660 } },
        qemu: { ok: true, value: { name: 'libvirt-qemu', reach: { state: 'reachable' } } },
        client: { ok: true, value: { name: 'alice', reach: { state: 'reachable' } } },
        tmpfiles: { state: 'ok', value: { line: 'f /dev/shm/looking-glass 0660 alice kvm -' } },
        header: { state: 'absent' },
      },
    ]);
  });

  it('takes under sudo the groups in effect of the shell that sudo was started from', async () => {
    const root = 'Pid:\t7\nPPid:\t6\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t0\n';
    const shell = 'Pid:\t6\nUid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nGroups:\t1000\n';
    const environment = { SUDO_UID: '1000', SUDO_GID: '1000', SUDO_USER: 'alice' };
    const gids = async (more: Record<string, string>): Promise<unknown> => {
      const [file] = await valueOf(lookingGlass, { ...HOST, environment, files: { ...HOST.files, '/proc/self/status': root, ...more } });
      return file?.client.ok === true ? file.client.value?.credentials.gids : null;
    };
    expect(await gids({})).toEqual([1000, 108]);
    expect(await gids({ '/proc/6/status': shell })).toEqual([1000]);
  });

  it('has the label of SELinux where that enforces', async () => {
    const enforcing = { ...HOST.files, '/sys/fs/selinux/enforce': '1' };
    const argv = 'stat --format=%C -- /dev/shm/looking-glass';
    const look = async (more: MemoryHost) => (await valueOf(lookingGlass, { ...HOST, ...more }))[0]?.seLinux;
    expect(await look({})).toEqual({ state: 'absent' });
    expect(await look({ files: { ...enforcing, '/sys/fs/selinux/enforce': '0' } })).toEqual({ state: 'absent' });
    expect(await look({ files: enforcing, commands: { [argv]: 'system_u:object_r:tmpfs_t:s0\n' } })).toMatchObject({
      value: { context: { value: 'system_u:object_r:tmpfs_t:s0' }, isConfined: { value: true }, hasLocalModule: false },
    });
    expect(await look({ files: enforcing, commands: { [argv]: '?\n' } })).toMatchObject({ value: { context: { state: 'unreadable' } } });
    const off = { ...enforcing, '/etc/libvirt/qemu.conf': 'security_driver = "none"\n' };
    expect(await look({ files: off })).toMatchObject({ value: { isConfined: { value: false } } });
  });

  it('reads which release wrote the header, and only from a file', async () => {
    const ranges = { '/dev/shm/looking-glass': header('B7') };
    const [file] = await valueOf(lookingGlass, { ...HOST, ranges });
    expect(file?.header).toEqual({ state: 'ok', value: { lgmp: 6, kvmfr: 20, version: 'B7' } });
  });

  it('finds the layouts of builds after B7', async () => {
    const ranges = { '/dev/shm/looking-glass': { 9664: Buffer.from('LGMP\u000C\0\0\0', 'latin1') } };
    const [file] = await valueOf(lookingGlass, { ...HOST, ranges });
    expect(file?.header).toEqual({ state: 'ok', value: { lgmp: 12, kvmfr: null, version: null } });
  });

  it('finds a kvmfr device in the words for QEMU', async () => {
    const files = { ...HOST.files, '/etc/libvirt/qemu/win11.xml': aDefinition('win11', '', KVMFR) };
    const stats = { '/dev/kvmfr0': { kind: 'character-device', mode: 0o660, uid: 0, gid: 108 } } as const;
    expect(await valueOf(lookingGlass, { ...HOST, files, stats })).toMatchObject([
      { path: '/dev/kvmfr0', sizeBytes: 67_108_864, stat: { value: { kind: 'character-device' } }, tmpfiles: { state: 'absent' } },
    ]);
  });

  it('what passcheck.yaml says about the resolution does not add the default file beside a device', async () => {
    const files = { ...HOST.files, '/etc/libvirt/qemu/win11.xml': aDefinition('win11', '', KVMFR) };
    const config = aConfig({ lookingGlass: { resolution: '2560x1440', file: '/dev/shm/looking-glass' } });
    expect((await valueOf(lookingGlass, { ...HOST, files }, config)).map(({ path }) => path)).toEqual(['/dev/kvmfr0']);
  });

  it('a file that passcheck.yaml names counts without a VM', async () => {
    const { '/etc/libvirt/qemu/win11.xml': _, ...files } = HOST.files ?? {};
    const config = aConfig({ lookingGlass: { file: '/dev/shm/lg' } });
    expect(await valueOf(lookingGlass, { ...HOST, files, folders: ['/etc/libvirt/qemu'] }, config)).toMatchObject([
      { path: '/dev/shm/lg', source: 'passcheck.yaml', stat: { state: 'absent' }, qemu: { value: { reach: null } } },
    ]);
  });

  it('nothing asks for it: nothing is used', async () => {
    const files = { ...HOST.files, '/etc/libvirt/qemu/win11.xml': aDefinition('win11', '') };
    expect(await valueOf(lookingGlass, { ...HOST, files })).toEqual([]);
  });

  it('VMs that cannot be looked at are an error', async () => {
    const hidden = { ...HOST, unreadable: { '/etc/libvirt/qemu': 'not-recorded', '/etc/libvirt/qemu/win11.xml': 'not-recorded' } } as const;
    expect(await collect(lookingGlass, hidden)).toMatchObject({ ok: false });
  });

  it('under sudo the client is run by the user behind it', async () => {
    const status = 'Pid:\t7\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t0\n';
    const root = { ...HOST, files: { ...HOST.files, '/proc/self/status': status } };
    const sudo = { ...root, environment: { SUDO_UID: '1000', SUDO_GID: '1000', SUDO_USER: 'alice' } };
    expect((await valueOf(lookingGlass, sudo))[0]?.client).toMatchObject({ value: { name: 'alice', credentials: { gids: [1000, 108] } } });
    expect((await valueOf(lookingGlass, root))[0]?.client).toEqual({ ok: true, value: null });
  });
});

describe('findTmpfilesLine', () => {
  it.each([
    ['f /dev/shm/looking-glass 0660 alice kvm -', true],
    ['f+ /dev/shm/looking-glass 0660 alice kvm -', true],
    ['# f /dev/shm/looking-glass 0660 alice kvm -', false],
    ['r /dev/shm/looking-glass', false],
    ['f /dev/shm/looking-glass2 0660', false],
  ])('%s: %s', (text, expected) => expect(findTmpfilesLine(text, '/dev/shm/looking-glass') !== null).toBe(expected));
});

describe('lookingGlassClient', () => {
  const client = { '/usr/bin/looking-glass-client': '' };

  it('asks dpkg, and only when dpkg has it', async () => {
    const files = { ...client, '/var/lib/dpkg/info/looking-glass-client.list': '' };
    const commands = { 'dpkg-query -W -f=${Version} looking-glass-client': '0+b6-3' };
    expect(await valueOf(lookingGlassClient, { files, commands })).toMatchObject({
      value: { path: '/usr/bin/looking-glass-client', version: { text: '0+b6-3', release: { number: 6 } } },
    });
    expect(await valueOf(lookingGlassClient, { files: client, commands })).toMatchObject({ value: { version: null } });
  });

  it('reads the folder of pacman', async () => {
    const files = {
      ...client,
      '/var/lib/pacman/local/looking-glass-2:B7-1/desc': '',
      '/var/lib/pacman/local/looking-glass-module-dkms-2:B7-1/desc': '',
    };
    expect(await valueOf(lookingGlassClient, { files })).toMatchObject({
      value: { version: { text: '2:B7-1', release: { number: 7, isTagged: true } } },
    });
  });

  it('reads the store path of NixOS', async () => {
    const store = '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-looking-glass-client-B7/bin/looking-glass-client';
    const host = { files: { [store]: '' }, links: { '/run/current-system/sw/bin/looking-glass-client': store } };
    expect(await valueOf(lookingGlassClient, host)).toMatchObject({ value: { version: { text: 'B7' } } });
  });

  it('is absent, or hidden', async () => {
    expect(await valueOf(lookingGlassClient, {})).toEqual({ state: 'absent' });
    const hidden = { unreadable: { '/usr/bin/looking-glass-client': 'not-recorded' } } as const;
    expect(await valueOf(lookingGlassClient, hidden)).toMatchObject({ state: 'unreadable' });
  });
});

const kvmfrHost = (commandLine = ''): MemoryHost => ({
  files: { '/etc/modprobe.d/kvmfr.conf': 'options kvmfr static_size_mb=64,32\n', '/proc/cmdline': commandLine },
  folders: ['/sys/module/kvmfr'],
});

describe('kvmfr', () => {
  it('reads the sizes from modprobe.d, which the module does not show', async () => {
    expect(await valueOf(kvmfr, kvmfrHost())).toMatchObject({
      module: { state: 'ok' },
      sizes: { mib: [64, 32], source: '/etc/modprobe.d/kvmfr.conf' },
    });
  });

  it('the kernel command line comes last', async () => {
    expect((await valueOf(kvmfr, kvmfrHost('kvmfr.static_size_mb=128'))).sizes).toEqual({ mib: [128], source: '/proc/cmdline' });
  });

  it('sizes are up to ten numbers', () => {
    expect(parseSizes('64')).toEqual([64]);
    expect(parseSizes('64M')).toBeNull();
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseSizes(text)?.every(Number.isInteger) ?? true).toBe(true);
      }),
    );
  });
});
