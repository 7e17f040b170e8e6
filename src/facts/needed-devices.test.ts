import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { MemoryHost } from '../host/memory.ts';
import { ON_BOARD, ryzen7950x3d } from '../../test/hosts/desktops.ts';
import { domainXml } from '../../test/hosts/libvirt.ts';
import { collect, valueOf } from '../../test/judge.ts';
import { defaultInterfaces, neededDevices, parseSwaps } from './needed-devices.ts';

const CARD = ['0000:01:00.0', '0000:01:00.1'];
const DRIVE = '0000:02:00.0';
const NETWORK = '0000:03:00.0';

function host(own: MemoryHost, given: readonly string[] = [DRIVE]): MemoryHost {
  const drive = `/sys/devices/pci0000:00/${DRIVE}/nvme/nvme0/nvme0n1`;
  return ryzen7950x3d(
    { card: ['vfio-pci', 'vfio-pci'] },
    {
      screens: ON_BOARD,
      domains: { win11: domainXml('win11', [...CARD, ...given]) },
      own: {
        ...own,
        files: {
          ...uevent(DRIVE, '10802'),
          ...uevent(NETWORK, '20000'),
          [`${drive}/size`]: '1\n',
          [`${drive}/nvme0n1p2/size`]: '1\n',
          '/sys/devices/virtual/block/dm-0/size': '1\n',
          [`/sys/devices/pci0000:00/${NETWORK}/net/enp3s0/mtu`]: '1500\n',
          '/sys/devices/virtual/net/br0/mtu': '1500\n',
          ...own.files,
        },
        links: {
          '/sys/class/block/nvme0n1p2': `../..${drive.slice(4)}/nvme0n1p2`,
          '/sys/class/block/dm-0': '../../devices/virtual/block/dm-0',
          '/sys/devices/virtual/block/dm-0/slaves/nvme0n1p2': `../../../../..${drive.slice(4)}/nvme0n1p2`,
          '/dev/mapper/root': '../dm-0',
          '/sys/class/net/enp3s0': `../../devices/pci0000:00/${NETWORK}/net/enp3s0`,
          '/sys/class/net/br0': '../../devices/virtual/net/br0',
          '/sys/devices/virtual/net/br0/lower_enp3s0': `../../../pci0000:00/${NETWORK}/net/enp3s0`,
        },
        stats: { '/dev/nvme0n1p2': { kind: 'block-device' }, '/dev/dm-0': { kind: 'block-device' } },
      },
    },
  );
}

function uevent(address: string, code: string): Record<string, string> {
  return { [`/sys/bus/pci/devices/${address}/uevent`]: `PCI_CLASS=${code}\nPCI_ID=144D:A80C\n` };
}

const mounted = (source: string) => ({ files: { '/proc/self/mounts': `${source} / ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n` } });
const ROUTES =
  'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n' +
  'br0\t00000000\t0101A8C0\t0003\t0\t0\t425\t00000000\t0\t0\t0\nbr0\t0001A8C0\t00000000\t0001\t0\t0\t425\t00FFFFFF\t0\t0\t0\n';

describe('neededDevices', () => {
  it('asks nothing while only the GPU is passed', async () => {
    const unreadable = { '/proc/self/mounts': 'denied' } as const;
    expect(await valueOf(neededDevices, host({ unreadable }, []))).toEqual({ others: [], needs: [], unseen: [] });
  });

  it('finds the drive below a mounted partition, and below an encrypted one', async () => {
    for (const source of ['/dev/nvme0n1p2', '/dev/mapper/root'])
      expect(await valueOf(neededDevices, host(mounted(source)))).toMatchObject({
        others: [DRIVE],
        needs: [{ address: DRIVE, kind: 'disk', observed: `${source} is mounted on /` }],
      });
  });

  it('finds swap', async () => {
    const files = {
      '/proc/self/mounts': '',
      '/proc/swaps': 'Filename\tType\tSize\n/dev/nvme0n1p2 partition\t16\t0\t-2\n/swapfile file 1 0 -3\n',
    };
    expect(await valueOf(neededDevices, host({ files }))).toMatchObject({ needs: [{ observed: '/dev/nvme0n1p2 is swap' }] });
  });

  it('finds the network card below a bridge', async () => {
    const files = { '/proc/self/mounts': '', '/proc/net/route': ROUTES };
    expect(await valueOf(neededDevices, host({ files }, [NETWORK]))).toMatchObject({
      needs: [{ address: NETWORK, kind: 'network', observed: 'the default route leaves through br0' }],
    });
  });

  it('leaves a drive alone that holds nothing of the host', async () => {
    expect(await valueOf(neededDevices, host(mounted('/dev/sda1')))).toMatchObject({ others: [DRIVE], needs: [], unseen: [] });
  });

  it('could not look when the mounts are hidden, and says which device could not be followed', async () => {
    expect(await collect(neededDevices, host({ unreadable: { '/proc/self/mounts': 'denied' } }))).toMatchObject({ ok: false });
    const hidden = { ...mounted('/dev/nvme0n1p2'), unreadable: { '/sys/class/block/nvme0n1p2': 'not-recorded' } } as const;
    expect(await valueOf(neededDevices, host(hidden))).toMatchObject({ needs: [], unseen: [{ source: '/dev/nvme0n1p2' }] });
  });
});

it('any text of /proc/swaps and /proc/net/route gives names', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const name of [...parseSwaps(text), ...defaultInterfaces(text)]) expect(name).not.toBe('');
    }),
  );
});
