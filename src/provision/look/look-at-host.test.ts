import { describe, expect, it } from 'vitest';

import { isoRanges } from '../../../test/iso.ts';
import { desired, domain, network, pool, volume } from '../../../test/plan-world.ts';
import { liveHost } from '../../host/live.ts';
import { memoryHost, type MemoryHost } from '../../host/memory.ts';
import type { Desired } from '../desired.ts';
import type { HostLook } from '../host-look.ts';
import { lookAtHost } from './look-at-host.ts';

const ID = { '/etc/machine-id': '0123456789abcdef0123456789abcdef\n' };
const CODE = '/usr/share/OVMF/OVMF_CODE_4M.ms.fd';
const VARS = '/usr/share/OVMF/OVMF_VARS_4M.ms.fd';
const DESCRIPTOR = '/usr/share/qemu/firmware/40-secure.json';

function descriptor(features: readonly string[] = ['secure-boot', 'enrolled-keys', 'requires-smm']): string {
  return JSON.stringify({
    'interface-types': ['uefi'],
    mapping: { device: 'flash', executable: { filename: CODE, format: 'raw' }, 'nvram-template': { filename: VARS, format: 'raw' } },
    targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
    features,
  });
}

const FIRMWARE = { [DESCRIPTOR]: descriptor(), [CODE]: 'code', [VARS]: 'vars' };
const PROGRAM = { mode: 0o755, kind: 'file', size: 1 } as const;

function look(spec: Desired, host: MemoryHost = {}, others: readonly string[] = []): Promise<HostLook> {
  return lookAtHost(memoryHost({ ...host, files: { ...ID, ...host.files } }), spec, others);
}

const NOTHING = desired();
const VM = desired({ domains: [domain({ media: [{ name: 'windows', path: '/iso/windows.iso' }] })] });

async function firmware(files: Readonly<Record<string, string>>, rest: MemoryHost = {}): Promise<HostLook['firmware']> {
  return (await look(VM, { ...rest, files })).firmware;
}

async function image(host: MemoryHost): Promise<unknown> {
  return (await look(VM, host)).files.get('/iso/windows.iso');
}

function file(kind: string): object {
  return { state: 'ok', value: { kind: 'file', image: kind } };
}

describe('lookAtHost', () => {
  it('looks at nothing that nobody asks for', async () => {
    const absent = { state: 'absent' };
    expect(await look(NOTHING, { files: FIRMWARE, stats: { '/usr/bin/swtpm': PROGRAM } })).toMatchObject({
      hostId: expect.stringMatching(/^[0-9a-f]{32}$/),
      files: new Map(),
      freeBytes: new Map(),
      swtpm: absent,
      dnsmasq: absent,
      firmware: absent,
      pciIds: absent,
      subnets: absent,
    });
  });

  it('finds swtpm only with the program that sets a TPM up', async () => {
    const stats = { '/usr/bin/swtpm': PROGRAM };
    expect((await look(VM, { stats })).swtpm).toEqual({ state: 'absent' });
    expect((await look(VM, { stats: { ...stats, '/usr/bin/swtpm_setup': PROGRAM } })).swtpm).toEqual({
      state: 'ok',
      value: '/usr/bin/swtpm',
    });
    expect((await look(VM, { stats, unreadable: { '/usr/local/bin/swtpm': 'denied' } })).swtpm).toMatchObject({ state: 'absent' });
    expect((await look(VM, { unreadable: { '/usr/bin/swtpm': 'denied' } })).swtpm).toMatchObject({ state: 'unreadable' });
  });

  it('tells firmware with keys from firmware without, and both from none', async () => {
    expect(await firmware(FIRMWARE)).toEqual({ state: 'ok', value: { uefi: true, secureBoot: true } });
    expect(await firmware({ ...FIRMWARE, [DESCRIPTOR]: descriptor([]) })).toEqual({
      state: 'ok',
      value: { uefi: true, secureBoot: false },
    });
    expect(await firmware({ [DESCRIPTOR]: descriptor() })).toEqual({ state: 'ok', value: { uefi: false, secureBoot: false } });
    expect(await firmware({})).toEqual({ state: 'ok', value: { uefi: false, secureBoot: false } });
    expect(await firmware({ ...FIRMWARE, '/etc/qemu/firmware/90-mine.json': '{' })).toMatchObject({
      state: 'unreadable',
      detail: 'libvirt chooses none while /etc/qemu/firmware/90-mine.json is no JSON',
    });
    expect(await firmware({ [DESCRIPTOR]: descriptor() }, { unreadable: { [CODE]: 'denied' } })).toMatchObject({
      state: 'unreadable',
      detail: `${CODE}: permission denied`,
    });
    expect(await firmware({}, { unreadable: { '/etc/qemu/firmware': 'denied' } })).toMatchObject({ state: 'unreadable' });
    expect(await firmware(FIRMWARE, { unreadable: { [DESCRIPTOR]: 'denied' } })).toMatchObject({
      state: 'unreadable',
      detail: expect.stringContaining(DESCRIPTOR),
    });
  });

  it('tells what an image is, and does not take one that it may not read for one that is not there', async () => {
    const size = 100 * 2048;
    const iso = (blocks: number): MemoryHost => ({
      stats: { '/iso/windows.iso': { size } },
      ranges: { '/iso/windows.iso': isoRanges('CCCOMA_X64FRE_EN-US_DV9', { blocks }) },
    });
    expect(await image(iso(100))).toEqual({ state: 'ok', value: { kind: 'file', bytes: size, image: 'iso' } });
    expect(await image(iso(101))).toMatchObject(file('truncated'));
    expect(await image({ files: { '/iso/windows.iso': '<!DOCTYPE html><title>404' } })).toMatchObject(file('page'));
    expect(await image({ files: { '/iso/windows.iso': 'x' } })).toMatchObject(file('other'));
    expect(await image({ files: { '/elsewhere': '<html>' }, links: { '/iso/windows.iso': '/elsewhere' } })).toMatchObject(file('page'));
    expect(await image({ folders: ['/iso/windows.iso'] })).toMatchObject({ state: 'ok', value: { kind: 'directory', image: null } });
    expect(await image({})).toEqual({ state: 'absent' });
    expect(await image({ unreadable: { '/iso/windows.iso': 'denied' } })).toMatchObject({ state: 'unreadable', reason: 'denied' });
  });

  it('looks at disks, NVRAM and what else is asked for, and through no link', async () => {
    const spec = desired({ volumes: [volume()], domains: [domain({ nvramPath: '/nvram/DC01.nvram' })] });
    const host: MemoryHost = {
      files: { '/pools/homelab/dc01.qcow2': 'data', '/etc/shadow': 'x' },
      links: { '/nvram/DC01.nvram': '/etc/shadow' },
      folders: ['/var/lib/libvirt/swtpm/1'],
      unreadable: { '/secret': 'denied' },
    };
    const { files } = await look(spec, host, ['/var/lib/libvirt/swtpm/1', '/secret', '/gone']);
    expect([...files]).toMatchObject([
      ['/pools/homelab/dc01.qcow2', { state: 'ok', value: { kind: 'file', bytes: 4 } }],
      ['/nvram/DC01.nvram', { state: 'ok', value: { kind: 'other' } }],
      ['/var/lib/libvirt/swtpm/1', { state: 'ok', value: { kind: 'directory' } }],
      ['/secret', { state: 'unreadable' }],
      ['/gone', { state: 'absent' }],
    ]);
  });

  it('asks the nearest folder above for the space of one that is still to be made', async () => {
    const spec = desired({ pools: [pool({ path: '/pools/homelab/new' })], volumes: [volume()] });
    const space = { '/': { totalBytes: 9, availableBytes: 1 }, '/pools': { totalBytes: 9, availableBytes: 5 } };
    expect((await look(spec, { space })).freeBytes).toEqual(
      new Map([
        ['/pools/homelab', { state: 'ok', value: 5 }],
        ['/pools/homelab/new', { state: 'ok', value: 5 }],
      ]),
    );
    expect((await look(spec)).freeBytes.get('/pools/homelab')?.state).not.toBe('ok');
  });

  it('reads the ids of PCI functions, and the subnets', async () => {
    const spec = desired({ networks: [network()], domains: [domain({ spec: { gpu: { devices: ['0000:01:00.0'] } } })] });
    const at = '/sys/bus/pci/devices';
    const files = {
      [`${at}/0000:01:00.0/vendor`]: '0x10de\n',
      [`${at}/0000:01:00.0/device`]: '0x2684\n',
      [`${at}/0000:01:00.1/vendor`]: '0x10de\n',
      [`${at}/odd/vendor`]: '0x10de\n',
      '/proc/net/route': 'Iface\tDestination\tGateway\tFlags\neth0\t0038A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n',
      '/usr/sbin/dnsmasq': '',
    };
    expect(await look(spec, { files })).toMatchObject({
      pciIds: { state: 'ok', value: new Map([['0000:01:00.0', '10de:2684']]) },
      subnets: { state: 'ok', value: [{ interface: 'eth0', first: 0xc0a83800, last: 0xc0a838ff }] },
      dnsmasq: { state: 'ok', value: '/usr/sbin/dnsmasq' },
    });
    const hidden = { unreadable: { [at]: 'denied', '/proc/net/route': 'denied' } } as const;
    expect(await look(spec, hidden)).toMatchObject({
      pciIds: { state: 'unreadable' },
      subnets: { state: 'unreadable' },
      dnsmasq: { state: 'absent' },
    });
  });

  it('ends on a host that hides everything, and on this one', async () => {
    const spec = desired({ networks: [network()], pools: [pool()], volumes: [volume()], domains: [domain(), ...VM.domains] });
    const everything = [
      '/proc/net/route',
      '/usr/share/qemu/firmware',
      '/etc/os-release',
      '/etc/passwd',
      '/usr/bin/dnsmasq',
      '/iso/windows.iso',
    ];
    const hidden = await look(spec, { unreadable: Object.fromEntries(everything.map((path) => [path, 'denied'])) });
    expect(hidden.firmware).toMatchObject({ state: 'unreadable' });
    expect((await lookAtHost(liveHost(), spec)).hostId).toMatch(/^[0-9a-f]{32}$/);
  });
});
