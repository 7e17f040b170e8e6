import { describe, expect, it } from 'vitest';

import { parseSpec } from './parse.ts';

/** A spec that is right, of which a case changes one thing. */
const GOOD = {
  name: 'lab',
  networks: {
    net: { address: '192.168.56.1/24', bridge: 'virbr56', dhcp: { start: '192.168.56.100', end: '192.168.56.200' } },
    other: { address: '192.168.57.1/24' },
  },
  pools: { images: { path: '/var/lib/libvirt/images/lab' } },
  volumes: { one: { pool: 'images', size: '60 GiB' }, two: { pool: 'images', size: '60 GiB', format: 'raw' } },
  media: { win: '/iso/win.iso', virtio: '/iso/virtio.iso' },
  vms: {
    ONE: {
      os: 'windows-11',
      memory: '4 GiB',
      vcpus: 2,
      disks: [{ volume: 'one' }],
      media: ['win', 'virtio'],
      nvram: '/nvram/one.fd',
      nics: [{ network: 'net', mac: '52:54:00:00:00:01', address: '192.168.56.10' }, { network: 'other' }],
    },
    TWO: {
      memory: '4 GiB',
      vcpus: 2,
      disks: [{ volume: 'two' }],
      nvram: '/nvram/two.fd',
      nics: [{ network: 'net', mac: '52:54:00:00:00:02', address: '192.168.56.11' }, { bridge: 'br0' }],
    },
  },
};

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** JSON is YAML, with everything on one line. */
function changed(change: string, value: Json | undefined): string {
  const spec = structuredClone(GOOD) as unknown as Record<string, unknown>;
  const path = change.split('/');
  let table: Record<string, unknown> = spec;
  for (const part of path.slice(0, -1)) table = (table[part] ??= {}) as Record<string, unknown>;
  table[path.at(-1) ?? ''] = value;
  return JSON.stringify(spec, null, 1);
}

/** The messages, each behind the text of its line. */
function problems(text: string): string[] {
  const parsed = parseSpec(text);
  if (parsed.ok) return [];
  const lines = text.split('\n');
  return parsed.problems.map(({ line, column, message }) => `${lines[line - 1]?.slice(column - 1).replace(/,$/, '')} → ${message}`);
}

it('the spec that the cases change is right', () => expect(problems(JSON.stringify(GOOD))).toEqual([]));

describe('names', () => {
  it.each<[string, Json, string]>([
    ['volumes/one/pool', 'image', '"image" → there is no pool "image" in this spec (did you mean "images"?)'],
    ['vms/ONE/disks/0/volume', 'three', '"three" → there is no volume "three" in this spec (declare it under volumes)'],
    ['vms/ONE/media/1', 'vitio', '"vitio" → there is no image "vitio" in this spec (did you mean "virtio"?)'],
    [
      'vms/ONE/nics/1/network',
      'default',
      '"default" → there is no network "default" in this spec (declare it under networks, also one that libvirt has already)',
    ],
    ['vms/ONE/nics/1', {}, '{} → is connected to nothing: give it a network, or a bridge of the host'],
    ['vms/ONE/nics/1/bridge', 'br0', '"br0" → has a network and a bridge: it is connected to one of them'],
  ])('%s = %j', (path, value, expected) => expect(problems(changed(path, value))).toEqual([expected]));
});

describe('two things that cannot be one', () => {
  it.each<[string, Json, string]>([
    ['vms/TWO/disks/0/volume', 'one', '"one" → volume one is a disk of ONE: two VMs would destroy it'],
    ['vms/ONE/disks/1', { volume: 'one' }, '"one" → volume one is a disk of ONE already'],
    ['vms/ONE/media/1', 'win', '"win" → win is in a drive of this VM already'],
    ['vms/TWO/nics/0/mac', '52:54:00:00:00:01', `"52:54:00:00:00:01" → 52:54:00:00:00:01 is the MAC address of ONE's NIC 1`],
    ['vms/ONE/nics/1/mac', '52:54:00:00:00:01', '"52:54:00:00:00:01" → 52:54:00:00:00:01 is the MAC address of its NIC 1'],
    ['vms/TWO/nics/0/address', '192.168.56.10', `"192.168.56.10" → 192.168.56.10 is the address of ONE's NIC 1`],
    ['networks/other/bridge', 'virbr56', '"virbr56" → virbr56 is the bridge of network net'],
    ['vms/TWO/nvram', '/nvram//one.fd', '"/nvram//one.fd" → /nvram/one.fd is the NVRAM of ONE'],
    ['vms/TWO/nvram', '/iso/win.iso', '"/iso/win.iso" → /iso/win.iso is image win'],
    [
      'vms/TWO/nvram',
      '/var/lib/libvirt/images/lab/two.raw',
      '"/var/lib/libvirt/images/lab/two.raw" → /var/lib/libvirt/images/lab/two.raw is volume two',
    ],
    ['volumes/two/file', 'one.qcow2', '"one.qcow2" → one.qcow2 is the file of volume one'],
    [
      'volumes/one.qcow2',
      { pool: 'images', size: '1 GiB', format: 'raw', file: 'two.raw' },
      '"two.raw" → two.raw is the file of volume two',
    ],
    ['vms/TWO/hostname', 'one', '"one" → one is the host name of ONE'],
    ['vms/one', { memory: '1 GiB', vcpus: 1 }, '"one": { → one is the host name of ONE: give the VM a hostname of its own'],
    ['pools/more', { path: '/var/lib/libvirt//images/lab/' }, '"/var/lib/libvirt//images/lab/" → is the folder of pool images'],
    [
      'pools/more',
      { path: '/var/lib/libvirt/images/lab/more' },
      '"/var/lib/libvirt/images/lab/more" → is inside of pool images, /var/lib/libvirt/images/lab',
    ],
    ['pools/more', { path: '/var/lib' }, '"/var/lib/libvirt/images/lab" → is inside of pool more, /var/lib'],
  ])('%s = %j', (path, value, expected) => expect(problems(changed(path, value))).toEqual([expected]));

  it('an address may be there twice where the guests cannot reach each other', () => {
    expect(problems(changed('vms/TWO/nics/1/address', '192.168.56.10'))).toEqual([]);
  });

  it('a pool may begin with the name of another folder', () => {
    expect(problems(changed('pools/more', { path: '/var/lib/libvirt/images/lab2' }))).toEqual([]);
  });

  it('three pools in each other are two problems, whatever their order', () => {
    const pools = { c: { path: '/p/b/c' }, a: { path: '/p' }, 'a-b': { path: '/p-b' }, b: { path: '/p/b' }, images: GOOD.pools.images };
    expect(problems(changed('pools', pools))).toEqual(['"/p/b/c" → is inside of pool b, /p/b', '"/p/b" → is inside of pool a, /p']);
  });

  it.each(['networks/net', 'pools/images', 'vms/ONE'])('a UUID, as of %s and TWO', (first) => {
    const uuid = '4e6ef9e2-9a2d-4a63-9c27-0b1c0b2d3a4f';
    const spec = JSON.parse(changed('vms/TWO/uuid', uuid.toUpperCase())) as Record<string, Record<string, Record<string, string>>>;
    const [kind = '', name = ''] = first.split('/');
    Object.assign(spec[kind]?.[name] ?? {}, { uuid });
    const word = { networks: 'network', pools: 'pool', vms: 'VM' }[kind];
    expect(problems(JSON.stringify(spec, null, 1))).toEqual([`"${uuid.toUpperCase()}" → ${uuid} is the UUID of ${word} ${name}`]);
  });
});

describe('addresses', () => {
  it.each<[string, Json, string]>([
    ['networks/other/address', '192.168.56.129/25', '"192.168.56.129/25" → 192.168.56.128/25 overlaps 192.168.56.0/24 of network net'],
    ['networks/other/address', '192.168.0.1/16', '"192.168.0.1/16" → 192.168.0.0/16 overlaps 192.168.56.0/24 of network net'],
    [
      'networks/other/address',
      '192.168.57.0/24',
      '"192.168.57.0/24" → 192.168.57.0 is the address of the subnet itself: give the host one from 192.168.57.1 to 192.168.57.254',
    ],
    [
      'networks/other/address',
      '192.168.57.255/24',
      '"192.168.57.255/24" → 192.168.57.255 is the address for broadcasts: give the host one from 192.168.57.1 to 192.168.57.254',
    ],
    ['networks/other/address', '127.0.0.1/8', '"127.0.0.1/8" → 127.0.0.0/8 is for a machine itself: take one like 192.168.56.1/24'],
    ['networks/other/address', '224.0.0.1/8', '"224.0.0.1/8" → 224.0.0.0/8 is for multicast: take one like 192.168.56.1/24'],
    ['networks/other/address', '0.0.0.1/8', '"0.0.0.1/8" → 0.0.0.0/8 is for no network: take one like 192.168.56.1/24'],
    ['networks/net/dhcp/end', '192.168.57.20', '"192.168.57.20" → 192.168.57.20 is no address for a guest in 192.168.56.0/24'],
    ['networks/net/dhcp/end', '192.168.56.255', '"192.168.56.255" → 192.168.56.255 is no address for a guest in 192.168.56.0/24'],
    ['networks/net/dhcp/start', '192.168.56.0', '"192.168.56.0" → 192.168.56.0 is no address for a guest in 192.168.56.0/24'],
    ['networks/net/dhcp/end', '192.168.56.99', '"192.168.56.99" → 192.168.56.99 comes before 192.168.56.100'],
    [
      'networks/net/address',
      '192.168.56.150/24',
      '"192.168.56.100" → 192.168.56.100 to 192.168.56.200 holds 192.168.56.150, the address of the host',
    ],
    [
      'vms/ONE/nics/0/address',
      '192.168.58.10',
      '"192.168.58.10" → 192.168.58.10 is no address for a guest in 192.168.56.0/24, network net',
    ],
    [
      'vms/ONE/nics/0/address',
      '192.168.56.255',
      '"192.168.56.255" → 192.168.56.255 is no address for a guest in 192.168.56.0/24, network net',
    ],
    ['vms/ONE/nics/0/address', '192.168.56.1', '"192.168.56.1" → 192.168.56.1 is the address of the host in network net'],
    [
      'vms/ONE/nics/0/address',
      '192.168.56.100',
      '"192.168.56.100" → 192.168.56.100 is one that DHCP gives to others in network net: take one outside of 192.168.56.100 to 192.168.56.200',
    ],
    ['vms/ONE/nics/0/mac', '00:00:00:00:00:00', '"00:00:00:00:00:00" → 00:00:00:00:00:00 is the address of no device'],
  ])('%s = %j', (path, value, expected) => expect(problems(changed(path, value))).toContain(expected));

  it.each<[string, Json]>([
    ['networks/net/dhcp', { start: '192.168.56.2', end: '192.168.56.9' }],
    ['networks/net/dhcp', { start: '192.168.56.254', end: '192.168.56.254' }],
    ['networks/other/address', '192.168.55.254/24'],
    ['networks/other/address', '10.255.255.254/8'],
    ['vms/ONE/nics/0/address', '192.168.56.99'],
    ['vms/ONE/nics/0/address', '192.168.56.201'],
    ['vms/ONE/nics/1/address', '192.168.57.150'],
  ])('%s may be %j', (path, value) => expect(problems(changed(path, value))).toEqual([]));

  it('each of many subnets in a large one is told, once', () => {
    const networks = {
      all: { address: '10.0.0.1/8' },
      a: { address: '10.1.0.1/24' },
      b: { address: '10.2.0.1/24' },
      c: { address: '11.0.0.1/8' },
      ...GOOD.networks,
    };
    expect(problems(changed('networks', networks))).toEqual([
      '"10.1.0.1/24" → 10.1.0.0/24 overlaps 10.0.0.0/8 of network all',
      '"10.2.0.1/24" → 10.2.0.0/24 overlaps 10.0.0.0/8 of network all',
    ]);
  });
});

it.each([
  ['10.1.255.255', []],
  ['10.2.0.0', ['"10.2.0.0" → 10.2.0.0 is too far from 10.1.0.1: the first two numbers have to be the same']],
])('a DHCP range goes as far as libvirt lets it: to %s', (end, expected) => {
  const wide = { address: '10.0.0.1/8', dhcp: { start: '10.1.0.1', end } };
  expect(problems(changed('networks', { ...GOOD.networks, wide }))).toEqual(expected);
});

describe('a VM', () => {
  it.each<[string, Json, string]>([
    ['vms/TWO/memory', '63 MiB', '"63 MiB" → 63 MiB is too little for a VM: at least 64 MiB'],
    ['vms/TWO/memory', '9999999 TiB', '"9999999 TiB" → 9999999 TiB is more than a VM can have'],
    ['vms/TWO/memory', '4.001 GiB', '"4.001 GiB" → 4.001 GiB has to be a whole number of MiB'],
    ['vms/TWO/hugepages', '4 MiB', '"4 MiB" → there are no pages of 4 MiB: 2 MiB or 1 GiB'],
    ['vms/TWO', { memory: '4097 MiB', vcpus: 1, hugepages: true }, '"4097 MiB" → 4097 MiB is no whole number of pages of 2 MiB'],
    ['vms/TWO', { memory: '4.5 GiB', vcpus: 1, hugepages: '1 GiB' }, '"4.5 GiB" → 4.5 GiB is no whole number of pages of 1 GiB'],
    [
      'vms/TWO',
      { memory: '4 GiB', vcpus: 1, firmware: 'bios', secureBoot: true },
      'true → firmware bios has no Secure Boot: take it out, or firmware: uefi',
    ],
    ['vms/TWO', { memory: '4 GiB', vcpus: 1, firmware: 'bios', nvram: '/n' }, '"/n" → firmware bios has no NVRAM: take it out'],
    ['vms/TWO/gpu', { devices: ['01:00.0', '01:00.1'], ids: ['10de:2684'] }, '[ → 1 id for 2 devices: one for each, in the same order'],
    ['vms/TWO/gpu', { devices: ['01:00.0', '0000:01:00.0'] }, '"0000:01:00.0" → 0000:01:00.0 is there already'],
    ['vms/TWO/lookingGlass', { resolution: '99999x2160' }, '"99999x2160" → 99999x2160 is larger than any display'],
    [
      'vms/ONE/hostname',
      'a-name-too-long1',
      '"a-name-too-long1" → a-name-too-long1 is too long for a host name of Windows, which has at most 15 characters',
    ],
    ['vms/ONE/hostname', '12345', '"12345" → 12345 is no host name of Windows, which wants a letter in it'],
    [
      'vms/windows_11',
      { os: 'windows-11', memory: '4 GiB', vcpus: 1 },
      '"windows_11": { → windows_11 is no host name, which has letters, digits and - only: give the VM a hostname of its own',
    ],
    ['volumes/two/size', '1.001 GiB', '"1.001 GiB" → 1.001 GiB has to be a whole number of KiB'],
    ['volumes/two/size', '9999999 TiB', '"9999999 TiB" → 9999999 TiB is more than a disk can have'],
    ['pools/root', { path: '//' }, '"//" → / is no folder for volumes: give the pool one of its own'],
  ])('%s = %j', (path, value, expected) => expect(problems(changed(path, value))).toEqual([expected]));

  it.each<[string, Json]>([
    ['vms/TWO', { memory: '4 GiB', vcpus: 1, firmware: 'bios' }],
    ['vms/TWO', { memory: '4 GiB', vcpus: 1, firmware: 'bios', tpm: true, secureBoot: false }],
    ['vms/TWO', { memory: '64 MiB', vcpus: 1, hugepages: true }],
    ['vms/TWO', { memory: '16 GiB', vcpus: 1, hugepages: '1024 MiB' }],
    ['vms/TWO/lookingGlass', {}],
    ['vms/TWO/hostname', 'a-linux-host-name-of-more-than-15-characters'],
    ['vms/ONE/hostname', 'fifteen-letters'],
    ['vms/TWO/gpu', { devices: ['01:00.0', '01:00.1'], ids: ['10de:2684', '10de:2684'] }],
    ['volumes/two/size', '1.5 MiB'],
  ])('%s may be %j', (path, value) => expect(problems(changed(path, value))).toEqual([]));
});

const gpu = (...devices: string[]): Json => ({ gpu: { devices } });

describe('CPUs', () => {
  const pinned = (cpus: readonly number[], more: Json = {}): Json => ({
    memory: '1 GiB',
    vcpus: 2,
    pins: { vcpus: cpus, emulator: '0' },
    ...(more as object),
  });

  it.each<[Json, string]>([
    [pinned([2]), '[ → 1 CPU for 2 vCPUs: one for each'],
    [pinned([2, 3, 4]), '[ → 3 CPUs for 2 vCPUs: one for each'],
    [pinned([2, 2]), '2 → CPU 2 has a vCPU already'],
    [pinned([2, 3], { pins: { vcpus: [2, 3], emulator: '5-2' } }), '"5-2" → 5-2 goes backwards: lower CPUs first, like 2-5,8'],
    [
      pinned([2, 3], { pins: { vcpus: [2, 3], emulator: '0', iothreads: '1,5-2' } }),
      '"1,5-2" → 1,5-2 goes backwards: lower CPUs first, like 2-5,8',
    ],
  ])('%j', (vm, expected) => expect(problems(changed('vms/TWO', vm))).toEqual([expected]));

  const vms = (a: Json, b: Json): string => changed('vms', { a, b });

  it('belong to one VM, unless two have a device in common and take turns', () => {
    const said = '3 → CPU 3 has a vCPU of a, and the two share no device that would keep them from running together';
    expect(problems(vms(pinned([2, 3]), pinned([3, 4])))).toEqual([said]);
    expect(problems(vms(pinned([2, 3], gpu('01:00.0')), pinned([3, 4], gpu('02:00.0'))))).toEqual([said]);
    expect(problems(vms(pinned([2, 3], gpu('01:00.0')), pinned([3, 4], gpu('02:00.0', '01:00.0'))))).toEqual([]);
    expect(problems(vms(pinned([2, 3]), pinned([4, 5])))).toEqual([]);
    expect(problems(vms(pinned([2, 3]), { memory: '1 GiB', vcpus: 2, pins: 'auto' }))).toEqual([]);
  });
});

const hex = (index: number): string => index.toString(16).padStart(4, '0');

describe('a spec of a thousand VMs', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `vm${index}`);
  const spec = {
    name: 'large',
    networks: { net: { address: '10.0.0.1/8', dhcp: { start: '10.255.0.1', end: '10.255.0.9' } } },
    pools: { p: { path: '/p' } },
    volumes: Object.fromEntries(names.map((name) => [name, { pool: 'p', size: '1 GiB' }])),
    vms: Object.fromEntries(
      names.map((name, index) => [
        name,
        {
          memory: '1 GiB',
          vcpus: 2,
          pins: { vcpus: [2, 3], emulator: '0' },
          disks: [{ volume: name }],
          gpu: { devices: ['01:00.0', `02:0${index % 10}.0`] },
          nics: [
            {
              network: 'net',
              mac: `52:54:00:00:${hex(index).slice(0, 2)}:${hex(index).slice(2)}`,
              address: `10.1.${index >> 8}.${index & 255}`,
            },
          ],
        },
      ]),
    ),
  };

  it('is taken', () => expect(parseSpec(JSON.stringify(spec))).toMatchObject({ ok: true }));

  it('is refused where each is wrong in the same way', () => {
    const all = Object.fromEntries(
      Object.entries(spec.vms).map(([name, vm]) => [name, { ...vm, disks: [{ volume: 'x' }], gpu: undefined }]),
    );
    const parsed = parseSpec(JSON.stringify({ ...spec, vms: all }));
    expect(parsed).toMatchObject({ ok: false, more: 1000 + 999 + 999 - 20 });
  });
});
