import type { CpuTopology } from '../src/facts/cpu-topology.ts';
import { openHost } from '../src/host/open.ts';
import { DEFAULT_READ_LIMIT, type HostSource } from '../src/host/source.ts';
import { listArgv, networksArgv } from '../src/libvirt/virsh.ts';
import type { PinsHost } from '../src/pinning/host.ts';
import { desire, type DesireContext } from '../src/provision/desire.ts';
import type { Desired } from '../src/provision/desired.ts';
import { NOTHING_KEPT } from '../src/provision/kept-identity.ts';
import { layoutsOf, lookForPins, planVmPins } from '../src/provision/pins.ts';
import { type Spec, specSchema } from '../src/provision/spec/model.ts';
import { treeText } from '../src/provision/tree.ts';
import { known } from './facts.ts';
import { qcow2Header } from './images.ts';
import { isoRanges } from './iso.ts';
import { laidOver } from './laid-over.ts';
import { aPinRequest } from './topologies.ts';

// Specs as `passcheck init` writes them in kind, and hosts on which their VMs fit.

const server = { os: 'windows-server-2022', memory: '4 GiB', vcpus: 2, media: ['server', 'virtio'] };
const client = { os: 'windows-11', memory: '4 GiB', vcpus: 2, media: ['client', 'virtio'] };
const nics = [{ network: 'lab-net' }, { network: 'default' }];

/** Four Windows VMs with two cards each. */
export const homelab: Spec = specSchema.parse({
  name: 'homelab',
  networks: {
    'lab-net': { address: '192.168.56.1/24', bridge: 'virbr56', dhcp: { start: '192.168.56.100', end: '192.168.56.200' } },
    default: { address: '192.168.122.1/24', bridge: 'virbr0', dhcp: { start: '192.168.122.2', end: '192.168.122.254' } },
  },
  pools: { homelab: { path: '/var/lib/libvirt/images/homelab' } },
  volumes: Object.fromEntries(
    Object.entries({ dc01: '60 GiB', sccm01: '100 GiB', client01: '60 GiB', client02: '60 GiB' }).map(([name, size]) => [
      name,
      { pool: 'homelab', size },
    ]),
  ),
  media: {
    server: '/var/lib/libvirt/iso/windows-server-2022.iso',
    client: '/var/lib/libvirt/iso/windows-11.iso',
    virtio: '/var/lib/libvirt/iso/virtio-win.iso',
  },
  vms: {
    DC01: { ...server, nics, disks: [{ volume: 'dc01' }], nvram: '/var/lib/libvirt/qemu/nvram/dc01.nvram' },
    SCCM01: { ...server, nics, disks: [{ volume: 'sccm01' }], vcpus: 4, memory: '8 GiB' },
    CLIENT01: { ...client, nics, disks: [{ volume: 'client01' }] },
    CLIENT02: { ...client, nics, disks: [{ volume: 'client02' }] },
  },
});

const one = {
  networks: { default: { address: '192.168.122.1/24', bridge: 'virbr0' } },
  pools: { images: { path: '/var/lib/libvirt/images' } },
  volumes: { gaming: { pool: 'images', size: '100 GiB' } },
  media: { windows: '/var/lib/libvirt/iso/Win11.iso', virtio: '/var/lib/libvirt/iso/virtio-win.iso' },
};
const withGpu = {
  os: 'windows-11',
  vcpus: 4,
  disks: [{ volume: 'gaming' }],
  nics: [{ network: 'default' }],
  gpu: { devices: ['0000:41:00.0', '0000:41:00.1'] },
  pins: 'auto',
};

/** A VM with a GPU that Windows is being installed in. */
export const win11Vfio: Spec = specSchema.parse({
  name: 'win11-vfio',
  ...one,
  vms: { gaming: { ...withGpu, memory: '4 GiB', media: ['windows', 'virtio'] } },
});

/** The same installed, for speed: hugepages, and Looking Glass. */
export const phase0: Spec = specSchema.parse({
  name: 'phase-0',
  ...one,
  vms: { gaming: { ...withGpu, memory: '4 GiB', hugepages: true, lookingGlass: {} } },
});

const emulated = { accelerator: 'tcg', memory: '512 MiB', vcpus: 2 };

/** Everything that a spec can say otherwise, in VMs that need no KVM. */
export const varied: Spec = specSchema.parse({
  name: 'varied',
  networks: {
    nat: { address: '10.78.0.1/16', dhcp: { start: '10.78.0.2', end: '10.78.1.2' } },
    isolated: { address: '10.77.0.1/24', forward: 'isolated', bridge: 'virbr77', domain: 'lab.internal' },
    routed: { address: '10.79.0.1/30', forward: 'route' },
    open: { address: '10.80.0.1/24', forward: 'open', autostart: false },
  },
  pools: { varied: { path: '/var/lib/libvirt/images/varied/' } },
  volumes: {
    linux: { pool: 'varied', size: '1.001 GiB' },
    data: { pool: 'varied', size: '64 MiB', format: 'raw', file: 'data.img' },
    windows: { pool: 'varied', size: '64 MiB' },
    bios: { pool: 'varied', size: '64 MiB' },
  },
  media: { here: '/var/lib/libvirt/iso/here.iso', gone: '/var/lib/libvirt/iso/gone.iso' },
  vms: {
    linux: {
      ...emulated,
      title: 'R&D <"2"> – ’s',
      disks: [{ volume: 'linux' }, { volume: 'data', bus: 'sata' }],
      media: ['here', 'gone'],
      nics: [{ network: 'isolated' }, { network: 'nat', model: 'e1000e' }],
      pins: { vcpus: [0, 1], emulator: '0,1' },
    },
    windows: { ...emulated, os: 'windows-11', disks: [{ volume: 'windows' }], spice: false, lookingGlass: { resolution: '1920x1080' } },
    bios: {
      ...emulated,
      firmware: 'bios',
      tpm: false,
      disks: [{ volume: 'bios', bus: 'sata' }],
      nics: [{ network: 'nat', mac: '52:54:00:AB:CD:01' }],
    },
    bare: { ...emulated, secureBoot: false },
  },
});

/** What there is when nothing is known of the host but its name. */
export const UNPINNED: DesireContext = { hostId: 'host', kept: NOTHING_KEPT, pins: new Map() };

/** A host of which only the processor is known. */
export function aPinsHost(topology: CpuTopology, given: Partial<PinsHost> = {}): PinsHost {
  return { ...aPinRequest(topology), devices: known([]), ...given };
}

/** What a spec asks for on a host, with its pins. */
export async function desiredOn(spec: Spec, host: HostSource): Promise<Desired> {
  const pins = planVmPins(spec, { ...UNPINNED, host: await lookForPins(host), defined: [] });
  return desire(spec, { ...UNPINNED, pins: layoutsOf(pins) });
}

/** The definitions of a spec's VMs, by their files. */
export function domainTexts({ domains }: Desired): Readonly<Record<string, string>> {
  return Object.fromEntries(domains.map(({ name, tree }) => [`${name}.xml`, treeText(tree)]));
}

/**
 * The recorded workstation as it would be with more memory, its interrupts remapped, and the networks, images and media of a
 * spec; no domain is defined yet.
 */
export async function fittingHost(spec: Spec): Promise<HostSource> {
  const { host } = await openHost('fixtures/hosts/workstation');
  const { networks, volumes } = desire(spec, UNPINNED);
  const uuids = networks.map(({ uuid }) => uuid);
  const texts = networks.map(({ uuid, tree }) => `=${uuid}=\n${treeText(tree)}\n`).join('');
  const media = Object.values(spec.media);
  const kernelLog = await host.run(['dmesg']);
  return laidOver(host, {
    files: {
      '/proc/cmdline': textOf(host, '/proc/cmdline').replace(' intremap=off', ''),
      '/proc/interrupts': textOf(host, '/proc/interrupts').replaceAll(/ (IO-APIC|PCI-MSI)(?=.*-[ef])(?!.*AMD-Vi)/g, ' IR-$1'),
      '/proc/meminfo': textOf(host, '/proc/meminfo').replaceAll(/^(Mem\w+: +)\d+/gm, '$167108864'),
      ...Object.fromEntries(volumes.map(({ path }) => [path, qcow2Header()])),
    },
    ranges: Object.fromEntries(media.map((path) => [path, isoRanges('IMAGE')])),
    stats: Object.fromEntries(media.map((path) => [path, { size: 5 * 1024 ** 3 }])),
    commands: {
      dmesg: (kernelLog.state === 'ok' ? kernelLog.value.stdout : '').replace(' intremap=off', ''),
      [listArgv(spec.connection, true).join(' ')]: `${uuids.join('\n')}\n=\n${uuids.join('\n')}\n=\n`,
      [networksArgv(spec.connection, true, uuids).join(' ')]: texts,
    },
  });
}

function textOf(host: HostSource, path: string): string {
  const reading = host.read(path, DEFAULT_READ_LIMIT);
  if (reading.state !== 'ok') throw new Error(`${path}: ${reading.state}`);
  return new TextDecoder().decode(reading.value);
}
