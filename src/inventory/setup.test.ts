import { expect, it } from 'vitest';

import { createFactStore } from '../engine/fact-store.ts';
import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { memoryHost, type MemoryHost } from '../host/memory.ts';
import { collectSetup } from './setup.ts';

const NETWORKS = '/etc/libvirt/qemu/networks';
const STATUS = 'Name:\tnode\nPid:\t7\nPPid:\t1\nUid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nGroups:\t1000 992\n';

/** The networks are hidden, unless they are what is asked for. */
async function rows(given: MemoryHost, unreadable: MemoryHost['unreadable'] = { [NETWORKS]: 'denied' }): Promise<readonly string[]> {
  const host = memoryHost({ ...given, unreadable: { ...unreadable, ...given.unreadable } });
  const store = createFactStore({ host, context: { config: DEFAULT_CONFIG }, now: () => 0 });
  return (await collectSetup(store)).map(({ name, value }) => `${name}: ${value}`);
}

it('file systems have their subvolume, and a later mount hides an earlier one', async () => {
  const mounts = [
    'rootfs / rootfs rw 0 0',
    '/dev/nvme0n1p3 / btrfs rw,noatime,subvolid=256,subvol=/@ 0 0',
    '/dev/nvme0n1p3 /home btrfs rw,subvol=/@home 0 0',
    '/dev/nvme0n1p1 /boot vfat rw 0 0',
  ].join('\n');
  expect(await rows({ files: { '/proc/self/mounts': mounts } })).toEqual([
    'Root file system: btrfs, subvolume /@',
    'Home file system: btrfs, subvolume /@home',
  ]);
});

it('a file system without subvolumes has its type, and /home on the root none', async () => {
  expect(await rows({ files: { '/proc/self/mounts': '/dev/vda / ext4 rw 0 0\n' } })).toEqual(['Root file system: ext4']);
});

it('the user has a name, an id where there is none, or is root', async () => {
  const passwd = 'root:x:0:0::/root:/bin/sh\ndeveloper:x:1000:1000::/home/developer:/bin/sh\n';
  const group = 'libvirt:x:992:developer\n';
  expect(await rows({ files: { '/proc/self/status': STATUS, '/etc/passwd': passwd, '/etc/group': group } })).toEqual(['User: developer']);
  expect(await rows({ files: { '/proc/self/status': STATUS } })).toEqual(['User: uid 1000']);
  const asRoot = STATUS.replaceAll('1000', '0');
  expect(await rows({ files: { '/proc/self/status': asRoot } })).toEqual(['User: root']);
  const environment = { SUDO_UID: '1000', SUDO_USER: 'developer' };
  expect(await rows({ files: { '/proc/self/status': asRoot }, environment })).toEqual(['User: developer, by sudo']);
});

it('networks say whether they are up', async () => {
  const files = {
    [`${NETWORKS}/lab-net.xml`]: "<network><name>lab-net</name><forward mode='nat'/><bridge name='virbr56'/></network>",
    [`${NETWORKS}/quiet.xml`]: '<network><name>quiet</name></network>',
    '/run/libvirt/network/lab-net.xml': '<networkstatus/>',
  };
  expect(await rows({ files }, {})).toEqual([
    'Networks: lab-net, quiet',
    'Network lab-net: active, bridge virbr56, nat',
    'Network quiet: stopped, no bridge, isolated',
  ]);
});

it('no network is said too', async () => {
  expect(await rows({ folders: [NETWORKS] }, {})).toEqual(['Networks: none']);
});

it('what cannot be seen has no row', async () => {
  expect(await rows({ unreadable: { '/proc/self/mounts': 'denied', '/proc/self/status': 'denied' } })).toEqual([]);
});
