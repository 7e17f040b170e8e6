import { describe, expect, it } from 'vitest';

import { isoRanges } from '../../test/iso.ts';
import { aConfig } from '../../test/facts.ts';
import { valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import { media } from './media.ts';

const HOST: MemoryHost = {
  files: {
    '/etc/os-release': 'ID=debian\n',
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nlibvirt-qemu:x:64055:108::/var/lib/libvirt:/usr/sbin/nologin\n',
    '/etc/group': 'kvm:x:108:\nlibvirt-qemu:x:64055:libvirt-qemu\n',
    '/etc/libvirt/qemu.conf': '',
  },
  stats: {
    '/var/lib/libvirt/iso/Win11.iso': { size: 6e9, mode: 0o644, uid: 0, gid: 0 },
    '/var/lib/libvirt/iso/notes.txt': {},
    '/srv/virtio.iso': { size: 7e8, mode: 0o600, uid: 0, gid: 0 },
  },
  ranges: {
    '/var/lib/libvirt/iso/Win11.iso': isoRanges('CCCOMA_X64FRE_EN-US_DV9'),
    '/srv/virtio.iso': isoRanges('virtio-win-0.1.266'),
  },
};

describe('media', () => {
  it('finds the images that nobody names in libvirt’s folder', async () => {
    const found = await valueOf(media, HOST);
    expect(found).toMatchObject({
      configured: [],
      inserted: [],
      stored: { state: 'ok', value: [{ path: '/var/lib/libvirt/iso/Win11.iso', role: 'windows', reach: { state: 'reachable' } }] },
      user: { ok: true, value: { name: 'libvirt-qemu', uid: 64_055 } },
    });
  });

  it('looks at what passcheck.yaml names, whatever its label', async () => {
    const config = aConfig({ media: { windows: '/var/lib/libvirt/iso/Win11.iso', virtio: '/srv/virtio.iso' } });
    const found = await valueOf(media, HOST, config);
    expect(found.configured).toMatchObject([
      { role: 'windows', source: 'passcheck.yaml', image: { value: { label: 'CCCOMA_X64FRE_EN-US_DV9' } } },
      { role: 'virtio', reach: { state: 'blocked', at: '/srv/virtio.iso' } },
    ]);
    expect(found.stored).toEqual({ state: 'ok', value: [] });
  });

  it('are in the storage "local" of Proxmox VE', async () => {
    const files = { ...HOST.files, '/usr/bin/pveversion': '', '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n' };
    const stats = { '/var/lib/vz/template/iso/virtio-win.iso': { size: 7e8, mode: 0o600 } };
    const ranges = { '/var/lib/vz/template/iso/virtio-win.iso': isoRanges('virtio-win-0.1.266') };
    expect(await valueOf(media, { files, stats, ranges })).toMatchObject({
      folder: '/var/lib/vz/template/iso',
      stored: { value: [{ role: 'virtio', reach: { state: 'reachable' } }] },
      user: { value: { name: 'root' } },
    });
  });

  it('an image that is not there has no reach', async () => {
    const { configured } = await valueOf(media, HOST, aConfig({ media: { windows: '/srv/none.iso' } }));
    expect(configured).toMatchObject([{ stat: { state: 'absent' }, image: { state: 'absent' }, reach: null }]);
  });

  it('keeps a folder that is not there apart from one that is hidden', async () => {
    expect((await valueOf(media, { ...HOST, stats: {}, ranges: {} })).stored).toEqual({ state: 'absent' });
    const hidden = { ...HOST, unreadable: { '/var/lib/libvirt/iso': 'denied' } } as const;
    expect((await valueOf(media, hidden)).stored).toMatchObject({ state: 'unreadable' });
  });
});
