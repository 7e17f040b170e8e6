import { describe, expect, it } from 'vitest';

import type { LiveDomain } from '../world.ts';
import { diskUsers, domainUse, type RealPath } from './disk-users.ts';

const UUID = '11111111-2222-5333-8444-555555555555';

const definition = (devices: string): string => `<domain><name>a</name><devices>${devices}</devices></domain>`;

function live(inactive: string, running: string | null = null): LiveDomain {
  return {
    name: 'a',
    uuid: UUID,
    isActive: running !== null,
    autostart: false,
    inactive: definition(inactive),
    state: running === null ? 'shut off' : 'running',
    live: running === null ? null : definition(running),
    hasManagedSave: false,
    snapshots: [],
  };
}

interface Given {
  readonly domain: LiveDomain;
  readonly images?: readonly { readonly path: string; readonly backing: string | null }[];
  readonly real?: RealPath;
}

function disksOf({ domain, images = [], real = (path) => path }: Given): readonly string[] {
  const pools = [
    { name: 'lab', path: '/pools/lab' },
    { name: 'rbd', path: null },
  ];
  return diskUsers([domainUse(domain)], { pools, images, real })[0]?.disks ?? [];
}

const file = (path: string, rest = ''): string =>
  `<disk type='file' device='disk'><source file='${path}'/>${rest}<target dev='vda'/></disk>`;

const volume = (pool: string): string => `<disk type='volume'><source pool='${pool}' volume='dc01.qcow2'/></disk>`;
/** Two links to one folder. */
const linked: RealPath = (path) => path.replace('/link/', '/pools/').replace('/var/images/', '/pools/');

describe('diskUsers', () => {
  it('counts the disks of the next start and those of now', () => {
    expect(disksOf({ domain: live(file('/new'), file('/old')) })).toEqual(['/new', '/old']);
  });

  it('counts devices, folders, media, and what a running domain says is below its disks, or is copied to', () => {
    const chain =
      "<backingStore type='file'><source file='/mid'/><backingStore type='block'><source dev='/dev/base'/></backingStore></backingStore>";
    const copy = "<mirror type='file' job='copy'><source file='/copy'/></mirror>";
    const others =
      "<disk type='block'><source dev='/dev/sdb'/></disk><disk type='dir'><source dir='/folder'/></disk><disk device='cdrom'/>";
    expect(disksOf({ domain: live('', file('/top', chain + copy) + others) })).toEqual([
      '/top',
      '/mid',
      '/dev/base',
      '/copy',
      '/dev/sdb',
      '/folder',
    ]);
  });

  it('finds a disk that is named by its pool, where the pool has a folder', () => {
    expect(disksOf({ domain: live(volume('lab') + volume('rbd') + volume('gone')) })).toEqual(['/pools/lab/dc01.qcow2']);
  });

  it('follows images down, round a ring but once', () => {
    const images = [
      { path: '/a', backing: '/b' },
      { path: '/b', backing: '/c' },
      { path: '/c', backing: '/a' },
    ];
    expect(disksOf({ domain: live(file('/a')), images })).toEqual(['/a', '/b', '/c']);
  });

  it('knows a file of a pool by the name that it has there, whatever link leads to it', () => {
    const images = [{ path: '/var/images/dc01.qcow2', backing: null }];
    expect(disksOf({ domain: live(file('/link/dc01.qcow2')), images, real: linked })).toEqual(['/var/images/dc01.qcow2']);
    expect(disksOf({ domain: live(file('/link/other')), images, real: linked })).toEqual(['/link/other', '/pools/other']);
  });

  it('reads the mark, and the file of the UEFI variables', () => {
    const mark = "<metadata><passcheck:spec xmlns:passcheck='https://passcheck.dev/xmlns/1' version='1' owner='lab' shape=''/></metadata>";
    const own = { ...live(''), inactive: `<domain>${mark}<os><nvram>/nvram/a.fd</nvram></os></domain>` };
    expect(diskUsers([domainUse(own)], { pools: [], images: [], real: (path) => path })).toMatchObject([
      { owner: 'lab', nvrams: ['/nvram/a.fd'] },
    ]);
  });

  it('counts MAC addresses in one form, and the devices that are passed', () => {
    const devices =
      "<interface type='user'><mac address='52:54:0:AB:0:1'/></interface><interface type='user'/>" +
      "<hostdev type='pci'><source><address domain='0' bus='0x0a' slot='0' function='1'/></source></hostdev>" +
      "<hostdev type='usb'><source><vendor id='0x1'/></source></hostdev>";
    expect(diskUsers([domainUse(live(devices))], { pools: [], images: [], real: (path) => path })).toEqual([
      { domain: 'a', isActive: false, disks: [], macs: ['52:54:00:ab:00:01'], hostDevices: ['0000:0a:00.1'] },
    ]);
  });
});
