import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aConfig } from '../../test/facts.ts';
import { valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import { ok } from '../host/reading.ts';
import { blockInfoArgv } from '../libvirt/virsh.ts';
import { mountOf, storage } from './storage.ts';
import { parseNoCopyOnWrite, parsePool, parseQcow2Size } from './storage-formats.ts';

/** As libvirt 9.0 writes /etc/libvirt/storage/default.xml. */
const POOL = `<!--
WARNING: THIS IS AN AUTO-GENERATED FILE. CHANGES TO IT ARE LIKELY TO BE
OVERWRITTEN AND LOST.
-->

<pool type='dir'>
  <name>vms</name>
  <uuid>5a1b7dcd-3a8d-4a2b-9d6a-0c1f9b1c7b3a</uuid>
  <capacity unit='bytes'>0</capacity>
  <source>
  </source>
  <target>
    <path>/data/vms</path>
    <permissions>
      <mode>0711</mode>
    </permissions>
  </target>
</pool>
`;

const GIB = 1024 ** 3;
const DOMAIN = `<domain type='kvm'><name>win11</name><memory unit='GiB'>8</memory><os><type machine='q35'>hvm</type></os><devices>
  <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/data/vms/win11.qcow2'/><target dev='vda' bus='virtio'/></disk>
  <disk type='block' device='disk'><driver name='qemu' type='raw'/><source dev='/dev/sdb'/><target dev='vdb' bus='virtio'/></disk>
  <disk type='file' device='cdrom'><source file='/data/iso/win.iso'/><target dev='sda' bus='sata'/></disk>
</devices></domain>`;

function qcow2(size: number): Uint8Array {
  const header = Buffer.alloc(104);
  header.write('QFI\u00FB', 0, 'latin1');
  header.writeUInt32BE(3, 4);
  header.writeBigUInt64BE(BigInt(size), 24);
  return header;
}

const HOST: MemoryHost = {
  files: {
    '/etc/os-release': 'ID=debian\n',
    '/proc/self/mounts': '/dev/sda2 / ext4 rw 0 0\n/dev/sdb1 /data btrfs rw,relatime,space_cache=v2,subvolid=257,subvol=/@data 0 0\n',
    '/etc/libvirt/storage/vms.xml': POOL,
    '/etc/libvirt/storage/autostart/vms.xml': POOL,
  },
  folders: ['/data/vms', '/sys/bus/pci/devices'],
  space: { '/': { totalBytes: 100 * GIB, availableBytes: 50 * GIB }, '/data': { totalBytes: 900 * GIB, availableBytes: 500 * GIB } },
  commands: { 'lsattr -d -- /data/vms': '---------------C------ /data/vms\n' },
};

describe('storage', () => {
  it('asks libvirt for the sizes of an image that only root may read', async () => {
    const uuid = 'ec576e85-fa76-44b3-9f37-8def2a6f9c95';
    const path = '/data/vms/win11.qcow2';
    const files = { ...HOST.files, '/etc/libvirt/qemu/win11.xml': DOMAIN.replace('<memory', `<uuid>${uuid}</uuid><memory`) };
    const unreadable = { [path]: 'denied' } as const;
    const config = aConfig({ vms: ['win11'] });
    const argv = blockInfoArgv('qemu:///system', uuid, path).join(' ');
    const commands = { ...HOST.commands, [argv]: `Capacity:       ${128 * GIB}\nAllocation:     200704\nPhysical:       ${40 * GIB}\n` };
    expect((await valueOf(storage, { ...HOST, files, unreadable, commands }, config)).images).toMatchObject([
      { path, fileBytes: ok(40 * GIB), guestBytes: ok(128 * GIB) },
      {},
    ]);
    for (const answer of ['', 'Capacity: x', { exitCode: 1, stdout: '', stderr: 'error: no' }]) {
      const host = { ...HOST, files, unreadable, commands: { ...HOST.commands, [argv]: answer } };
      // oxlint-disable-next-line no-await-in-loop -- one after the other reads better
      expect((await valueOf(storage, host, config)).images).toMatchObject([{ guestBytes: { state: 'unreadable' } }, {}]);
    }
  });

  it('without a VM, new disks go where the pools are', async () => {
    expect(await valueOf(storage, HOST)).toMatchObject({
      images: [],
      folders: [
        {
          path: '/data/vms',
          source: 'pool vms',
          space: { state: 'ok', value: { availableBytes: 500 * GIB } },
          mount: { type: 'btrfs', target: '/data' },
          noCopyOnWrite: { state: 'ok', value: true },
        },
      ],
    });
  });

  it('without a pool, to libvirt’s own folder, which libvirt makes when it needs it', async () => {
    const { '/etc/libvirt/storage/vms.xml': _, '/etc/libvirt/storage/autostart/vms.xml': __, ...files } = HOST.files ?? {};
    expect(await valueOf(storage, { ...HOST, files })).toMatchObject({
      folders: [
        { path: '/var/lib/libvirt/images', source: 'libvirt’s default', mount: { target: '/' }, noCopyOnWrite: { state: 'absent' } },
      ],
      pools: { state: 'absent' },
    });
  });

  it('says that the pools are hidden', async () => {
    const hidden = { ...HOST, unreadable: { '/etc/libvirt/storage/vms.xml': 'denied' } } as const;
    expect(await valueOf(storage, hidden)).toMatchObject({
      pools: { state: 'unreadable' },
      folders: [{ path: '/var/lib/libvirt/images' }],
    });
  });

  it('reads what the guest may fill from the image of a judged VM; drives and CDs do not grow', async () => {
    const files = { ...HOST.files, '/etc/libvirt/qemu/win11.xml': DOMAIN, '/data/vms/win11.qcow2': qcow2(128 * GIB) };
    const stats = { '/dev/sdb': { kind: 'block-device' } } as const;
    const found = await valueOf(storage, { ...HOST, files, stats }, aConfig({ vms: ['win11'] }));
    expect(found.images).toEqual([
      {
        domain: 'win11',
        path: '/data/vms/win11.qcow2',
        format: 'qcow2',
        fileBytes: { state: 'ok', value: 104 },
        guestBytes: { state: 'ok', value: 128 * GIB },
      },
    ]);
    expect(found.folders).toMatchObject([{ path: '/data/vms', source: 'win11' }]);
  });

  it('leaves open what lsattr does not tell', async () => {
    expect((await valueOf(storage, { ...HOST, commands: {} })).folders).toMatchObject([{ noCopyOnWrite: { state: 'unreadable' } }]);
  });
});

const mount = (target: string, type = 'ext4') => ({ source: 'x', target, type, options: [] });

describe('mountOf', () => {
  it('takes the deepest mount, of several on one folder the last', () => {
    expect(mountOf('/data/vms', [mount('/'), mount('/data'), mount('/data', 'xfs')])?.type).toBe('xfs');
    expect(mountOf('/database', [mount('/'), mount('/data')])?.target).toBe('/');
  });
});

describe('parsers', () => {
  it('a pool without a folder is none', async () => {
    expect(await parsePool("<pool type='logical'><name>vg</name><target><path>/dev/vg</path></target></pool>")).toBeNull();
    expect(await parsePool('<pool')).toBeNull();
  });

  it('lsattr of older and newer e2fsprogs', () => {
    expect(parseNoCopyOnWrite('----------------C-- /x\n')).toBe(true);
    expect(parseNoCopyOnWrite('---------------------- /x\n')).toBe(false);
    expect(parseNoCopyOnWrite('lsattr: Operation not supported')).toBeNull();
  });

  it('take any text and bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.uint8Array({ maxLength: 64 }), async (text, bytes) => {
        expect(await parsePool(`<pool type='dir'><target><path>${text}</path></target></pool>`)).not.toBeUndefined();
        expect(parseNoCopyOnWrite(text)).not.toBeUndefined();
        expect(parseQcow2Size(bytes)).not.toBeNaN();
      }),
    );
  });
});
