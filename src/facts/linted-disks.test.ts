import { describe, expect, it } from 'vitest';

import { aDefinition } from '../../test/domain-rule.ts';
import { qcow2Header } from '../../test/images.ts';
import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { createFactStore } from '../engine/fact-store.ts';
import { memoryHost, type MemoryHost } from '../host/memory.ts';
import { unreadable } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { lintedDisks, type LintedDisks, MAX_SOURCES } from './linted-disks.ts';

const PASSWD = 'root:x:0:0::/root:/bin/sh\nlibvirt-qemu:x:64055:64055::/:/bin/false\njane:x:1000:1000::/home/jane:/bin/sh\n';
const HOST: MemoryHost = {
  files: {
    '/etc/passwd': PASSWD,
    '/etc/group': 'libvirt-qemu:x:64055:\nkvm:x:104:\n',
    '/etc/libvirt/qemu.conf': '',
    '/proc/self/mounts': '',
  },
  stats: { '/var/lib/libvirt/qemu': { kind: 'directory', uid: 64055, gid: 64055 } },
};

function look(devices: string, given: MemoryHost = {}): Promise<LintedDisks> {
  return lookOn(memoryHost({ ...given, files: { ...HOST.files, ...given.files }, stats: { ...HOST.stats, ...given.stats } }), devices);
}

function lookOn(host: HostSource, devices: string): Promise<LintedDisks> {
  const context = { config: DEFAULT_CONFIG, definitions: [{ label: 'win11.xml', text: aDefinition({ devices }) }] };
  return createFactStore({ host, context, now: () => 0 })
    .get(lintedDisks)
    .then((attempt) => {
      if (!attempt.ok) throw attempt.error;
      return attempt.value;
    });
}

const file = (path: string): string => `<disk type='file'><source file='${path}'/><target dev='vda'/></disk>`;
const block = (path: string): string => `<disk type='block'><source dev='${path}'/><target dev='vda'/></disk>`;

describe('lintedDisks', () => {
  it('tells what a file is, and whether QEMU’s user comes to it', async () => {
    const { sources, user } = await look(file('/vm/a.qcow2') + file('/home/jane/b.img') + file('/vm/none.iso'), {
      files: { '/vm/a.qcow2': qcow2Header(), '/home/jane/b.img': 'raw' },
      stats: { '/home/jane': { kind: 'directory', mode: 0o700, uid: 1000, gid: 1000 } },
    });
    expect(user).toMatchObject({ ok: true, value: { name: 'libvirt-qemu', uid: 64055 } });
    expect(sources.get('/vm/a.qcow2')).toMatchObject({
      format: { state: 'ok', value: 'qcow2' },
      backing: [],
      reach: { state: 'reachable' },
    });
    expect(sources.get('/home/jane/b.img')).toMatchObject({ format: { value: 'raw' }, reach: { state: 'blocked', at: '/home/jane' } });
    expect(sources.get('/vm/none.iso')).toMatchObject({ stat: { state: 'absent' }, reach: null, format: { state: 'absent' } });
  });

  it('follows the chain of backing files to where one is missing', async () => {
    const { sources } = await look(file('/vm/c.qcow2'), {
      files: { '/vm/c.qcow2': qcow2Header('b.qcow2'), '/vm/b.qcow2': qcow2Header('/base/a.qcow2') },
    });
    expect(sources.get('/vm/c.qcow2')?.backing).toMatchObject([
      { path: '/vm/b.qcow2', stat: { state: 'ok' } },
      { path: '/base/a.qcow2', stat: { state: 'absent' } },
    ]);
  });

  it('ends with a chain that goes in a circle', async () => {
    const { sources } = await look(file('/vm/c.qcow2'), {
      files: { '/vm/c.qcow2': qcow2Header('b.qcow2'), '/vm/b.qcow2': qcow2Header('/vm/c.qcow2') },
    });
    expect(sources.get('/vm/c.qcow2')?.backing).toMatchObject([{ path: '/vm/b.qcow2' }]);
  });

  it('finds where the host has mounted a drive, by partition, volume and name', async () => {
    const { sources, links } = await look(block('/dev/disk/by-id/ata-X') + block('/dev/nvme0n1p3'), {
      files: {
        '/proc/self/mounts': '/dev/sdc2 /srv ext4 rw 0 0\n/dev/mapper/vg-root / ext4 rw 0 0\n/dev/nvme0n1p1 /boot vfat rw 0 0\n',
        '/proc/swaps':
          'Filename\t\t\tType\t\tSize\n/dev/sdc3                               partition\t8388604\t0\t-2\n/swapfile file 1 0 -3\n',
        '/sys/class/block/sdc/sdc2/partition': '2',
        '/sys/class/block/sdc/sdc3/partition': '3',
        '/sys/class/block/sdc3/holders/dm-0/dev': '',
      },
      links: { '/dev/disk/by-id/ata-X': '../../sdc', '/dev/mapper/vg-root': '../dm-0' },
      stats: {
        '/dev/sdc': { kind: 'block-device' },
        '/dev/dm-0': { kind: 'block-device' },
        '/dev/nvme0n1p3': { kind: 'block-device' },
      },
      folders: ['/sys/class/block/nvme0n1p3'],
    });
    expect(sources.get('/dev/disk/by-id/ata-X')?.mountedAt).toEqual({ state: 'ok', value: ['/', '/srv', 'swap'] });
    expect(sources.get('/dev/nvme0n1p3')?.mountedAt).toEqual({ state: 'ok', value: [] });
    expect(links.get('/dev/disk/by-id/ata-X')).toBe('/dev/sdc');
  });

  it('keeps apart what is not there and what it could not look at', async () => {
    const { sources } = await look(file('/vm/a.qcow2'), { files: { '/vm/a.qcow2': '' }, unreadable: { '/vm/a.qcow2': 'denied' } });
    expect(sources.get('/vm/a.qcow2')).toMatchObject({ stat: { state: 'unreadable' }, format: { state: 'absent' } });
  });

  it('asks libvirt what an image is that only root may read', async () => {
    const volume = "<volume><target><format type='qcow2'/></target><backingStore><path>/vm/base</path></backingStore></volume>";
    const commands = { 'virsh -q -r -c qemu:///system vol-dumpxml /vm/a.qcow2': volume };
    const host = memoryHost({ ...HOST, files: { ...HOST.files, '/vm/a.qcow2': '', '/vm/b.qcow2': '' }, commands });
    const { sources } = await lookOn(
      { ...host, readRange: () => unreadable('denied', 'permission denied') },
      file('/vm/a.qcow2') + file('/vm/b.qcow2'),
    );
    expect(sources.get('/vm/a.qcow2')).toMatchObject({
      format: { state: 'ok', value: 'qcow2' },
      formatFrom: 'virsh -q -r -c qemu:///system vol-dumpxml /vm/a.qcow2',
      backing: [{ path: '/vm/base', stat: { state: 'absent' } }],
    });
    expect(sources.get('/vm/b.qcow2')).toMatchObject({ format: { state: 'unreadable' }, backing: [] });
  });

  it('looks at no more than so many', async () => {
    const { sources } = await look(Array.from({ length: MAX_SOURCES + 10 }, (_, index) => file(`/vm/${index}.img`)).join(''));
    expect(sources.size).toBe(MAX_SOURCES);
  });
});
