import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { UNPINNED } from '../../../test/provisioned.ts';
import { parseXml, textAt } from '../../domain/xml.ts';
import { desire } from '../desire.ts';
import type { DesiredDomain } from '../desired.ts';
import { specSchema } from '../spec/model.ts';
import { type Tree, treeText } from '../tree.ts';

const PLAIN = { memory: '8 GiB', vcpus: 4, os: 'windows-11' };
const DISKS = { disks: [{ volume: 'system' }, { volume: 'data' }] };
const CARD = { gpu: { devices: ['0000:0a:00.0', '41:00.1'] } };

/** What a VM is asked to be; its key in the spec is `vm`. */
function domainOf(vm: object, connection = 'qemu:///system'): DesiredDomain {
  const spec = specSchema.parse({
    name: 'test',
    connection,
    pools: { images: { path: '/images/' } },
    volumes: { system: { pool: 'images', size: '60 GiB' }, data: { pool: 'images', size: '1 TiB', format: 'raw', file: 'd' } },
    media: { windows: '/iso/windows & more.iso', virtio: '/iso/virtio-win.iso' },
    vms: { vm: { ...PLAIN, ...vm } },
  });
  const [domain] = desire(spec, UNPINNED).domains;
  if (domain === undefined) throw new Error('no domain');
  return domain;
}

/** Its definition, without what is the same for all. */
function linesOf(vm: object): readonly string[] {
  return treeText(domainOf(vm).tree).split('\n');
}

/** The elements at a path, one on a line. */
function elements(vm: object, ...path: readonly string[]): readonly string[] {
  let found: readonly Tree[] = [domainOf(vm).tree];
  for (const name of path) found = found.flatMap(({ children }) => children.filter((child) => child.name === name));
  return found.map((tree) => treeText(tree).replaceAll(/\n\s*/g, ''));
}

/** Lines that only the first of two has, without blanks. */
function only(vm: object, other: object): readonly string[] {
  const without = new Set(linesOf(other));
  return linesOf(vm).flatMap((line) => (without.has(line) ? [] : [line.trim()]));
}

/** What more than 255 vCPUs need. */
function wide(vm: object): readonly string[] {
  return linesOf(vm).filter((line) => /ioapic|eim=/.test(line));
}

describe('a domain', () => {
  it('has whole MiB of memory, and all of it from the start', () => {
    expect(elements({ memory: '1.001 GiB' }, 'memory')).toEqual(["<memory unit='KiB'>1050624</memory>"]);
    expect(elements({ memory: '1.001 GiB' }, 'currentMemory')).toEqual(["<currentMemory unit='KiB'>1050624</currentMemory>"]);
    expect(domainOf({ memory: '1.001 GiB' }).memoryKiB).toBe(1_050_624);
  });

  it('has hugepages of the host’s size, or of the one that is named', () => {
    expect(elements({ hugepages: true }, 'memoryBacking')).toEqual(['<memoryBacking><hugepages/></memoryBacking>']);
    expect(elements({ hugepages: '1 GiB' }, 'memoryBacking')).toEqual([
      "<memoryBacking><hugepages><page size='1048576' unit='KiB'/></hugepages></memoryBacking>",
    ]);
    expect(elements({}, 'memoryBacking')).toEqual([]);
  });

  it('says whether Secure Boot is wanted, whichever it is', () => {
    expect(elements({ secureBoot: true }, 'os', 'firmware', 'feature')).toEqual([
      "<feature enabled='yes' name='enrolled-keys'/>",
      "<feature enabled='yes' name='secure-boot'/>",
    ]);
    expect(elements({ secureBoot: false }, 'os', 'firmware', 'feature')).toEqual([
      "<feature enabled='no' name='enrolled-keys'/>",
      "<feature enabled='no' name='secure-boot'/>",
    ]);
    expect(only({ secureBoot: true }, { secureBoot: false }).at(-1)).toBe("<smm state='on'/>");
  });

  it('has variables of its firmware where the spec says, else where libvirt has them, unless that is the user’s folder', () => {
    expect(domainOf({}).nvramPath).toBe('/var/lib/libvirt/qemu/nvram/vm_VARS.fd');
    expect(elements({ nvram: '/a/vm.fd' }, 'os', 'nvram')).toEqual(['<nvram>/a/vm.fd</nvram>']);
    expect(domainOf({}, 'qemu:///session').nvramPath).toBeNull();
    expect(treeText(domainOf({}, 'qemu:///session').tree)).not.toContain('nvram');
    expect(domainOf({ firmware: 'bios' }).nvramPath).toBeNull();
  });

  it('is a BIOS machine without a word about firmware', () => {
    expect(elements({ firmware: 'bios', ...DISKS }, 'os')).toEqual(["<os><type arch='x86_64' machine='q35'>hvm</type></os>"]);
  });

  it('boots its first disk, then its drives; where there is neither, libvirt’s own order is asked for', () => {
    const media = { media: ['windows', 'virtio'] };
    expect(elements({ ...DISKS, ...media }, 'devices', 'disk', 'boot')).toEqual([
      "<boot order='1'/>",
      "<boot order='2'/>",
      "<boot order='3'/>",
    ]);
    expect(elements(media, 'devices', 'disk', 'boot')).toEqual(["<boot order='2'/>", "<boot order='3'/>"]);
    expect(elements({}, 'os', 'boot')).toEqual(["<boot dev='hd'/>"]);
    expect(elements({ ...DISKS }, 'os', 'boot')).toEqual([]);
  });

  it('has no drives when the media are taken out', () => {
    const vm = { ...DISKS, media: ['windows'] };
    expect(only(vm, { ...vm, attachInstallMedia: false })).toEqual([
      "<disk type='file' device='cdrom'>",
      "<driver name='qemu' type='raw'/>",
      "<source file='/iso/windows &amp; more.iso' startupPolicy='optional'/>",
      "<target dev='sda' bus='sata'/>",
      '<readonly/>',
      "<boot order='2'/>",
      "<alias name='ua-pc-cd-0'/>",
    ]);
    expect(domainOf({ ...vm, attachInstallMedia: false }).media).toEqual([]);
    expect(domainOf(vm).media).toEqual([{ name: 'windows', path: '/iso/windows & more.iso' }]);
  });

  it('gives no disk another name when drives come and go, and no two the same', () => {
    const disks = Array.from({ length: 24 }, (_, index) => ({ volume: 'system', bus: index % 3 === 0 ? 'virtio' : 'sata' }));
    const without = elements({ disks }, 'devices', 'disk', 'target');
    const all = elements({ disks, media: Array.from({ length: 6 }, () => 'windows') }, 'devices', 'disk', 'target');
    expect(all.slice(0, 24)).toEqual(without);
    expect(new Set(all).size).toBe(30);
    expect(without.slice(0, 5).map((target) => /'(\w+)'/.exec(target)?.[1])).toEqual(['vda', 'sdd', 'sde', 'vdb', 'sdf']);
  });

  it('has disks as files of their pools', () => {
    expect(elements(DISKS, 'devices', 'disk')).toEqual([
      "<disk type='file' device='disk'><driver name='qemu' type='qcow2' cache='none' discard='unmap'/><source file='/images/system.qcow2'/><target dev='vda' bus='virtio'/><boot order='1'/><alias name='ua-pc-disk-0'/></disk>",
      "<disk type='file' device='disk'><driver name='qemu' type='raw' cache='none' discard='unmap'/><source file='/images/d'/><target dev='vdb' bus='virtio'/><alias name='ua-pc-disk-1'/></disk>",
    ]);
    expect(domainOf(DISKS).disks).toEqual(['/images/system.qcow2', '/images/d']);
  });

  it('has an I/O thread for its virtio disks beside a device of the host', () => {
    expect(elements({ ...DISKS, ...CARD }, 'iothreads')).toEqual(['<iothreads>1</iothreads>']);
    expect(elements({ ...CARD, disks: [{ volume: 'system', bus: 'sata' }] }, 'iothreads')).toEqual([]);
    expect(elements({ ...CARD, disks: [{ volume: 'system', bus: 'sata' }] }, 'devices', 'disk', 'driver').join('')).not.toContain(
      'iothread',
    );
    expect(elements(DISKS, 'iothreads')).toEqual([]);
  });

  it('has each card on its network or bridge, by name', () => {
    const nics = [
      { network: 'lab-net', mac: '52:54:00:AA:00:01' },
      { bridge: 'br0', model: 'e1000e' },
    ];
    expect(elements({ nics }, 'devices', 'interface')).toEqual([
      "<interface type='network'><mac address='52:54:00:aa:00:01'/><source network='lab-net'/><model type='virtio'/><alias name='ua-pc-nic-0'/></interface>",
      expect.stringMatching(
        /^<interface type='bridge'><mac address='52:54:00:(?:..:?){3}'\/><source bridge='br0'\/><model type='e1000e'\/><alias name='ua-pc-nic-1'\/><\/interface>$/,
      ),
    ]);
  });

  it('is given every function of the GPU, keeps its memory, and stays on the host', () => {
    expect(elements(CARD, 'devices', 'hostdev')).toEqual([
      "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x0a' slot='0x00' function='0x0'/></source><alias name='ua-pc-gpu-0'/></hostdev>",
      "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x41' slot='0x00' function='0x1'/></source><alias name='ua-pc-gpu-1'/></hostdev>",
    ]);
    expect(only(CARD, {})).toContain("<memballoon model='none'/>");
    expect(only({}, CARD)).toEqual(["<cpu mode='host-passthrough' check='none' migratable='on'>", "<memballoon model='virtio'/>"]);
  });

  it('has a screen with SPICE and says that it has none without', () => {
    expect(only({ spice: false }, {})).toEqual(["<audio id='1' type='none'/>", "<model type='none'/>"]);
    expect(only({}, { spice: false })).toContain("<listen type='address' address='127.0.0.1'/>");
  });

  it('has the memory of Looking Glass, and no tablet beside it', () => {
    const vm = { lookingGlass: { resolution: '2560x1440' } };
    expect(elements(vm, 'devices', 'shmem')).toEqual([
      "<shmem name='looking-glass'><model type='ivshmem-plain'/><size unit='M'>64</size></shmem>",
    ]);
    expect(only({}, vm)).toEqual(["<input type='tablet' bus='usb'/>", "<model type='virtio'/>"]);
  });

  it('runs Windows with what KVM does for it, and Linux with what Linux has drivers for', () => {
    expect(only({ os: 'windows-10' }, { os: 'windows-11' })).toEqual(["<libosinfo:os id='http://microsoft.com/win/10'/>"]);
    const windows = only({}, { os: 'linux' });
    expect(windows).toContain("<hyperv mode='custom'>");
    expect(windows).toContain("<clock offset='localtime'>");
    expect(windows).toContain("<timer name='hypervclock' present='yes'/>");
    expect(only({ os: 'linux' }, {}).map((line) => /^<(\w+:?\w*)/.exec(line)?.[1])).toEqual(
      expect.arrayContaining(['clock', 'serial', 'rng']),
    );
  });

  it('asks software emulation for nothing that only KVM has', () => {
    const text = linesOf({ ...DISKS, ...CARD, accelerator: 'tcg', pins: { vcpus: [0, 1, 2, 3], emulator: '4' } }).join('\n');
    expect(text).not.toMatch(/hyperv|host-passthrough|migratable|cache mode/);
    expect(text).toContain("<domain type='qemu'>");
    expect(text).toContain("<cpu mode='maximum' check='none'>");
  });

  it('has the pins that are named, its I/O thread beside the emulator', () => {
    const vm = { ...DISKS, pins: { vcpus: [2, 3, 4, 5], emulator: '0,1' } };
    expect(only(vm, DISKS).filter((line) => line.includes('pin'))).toEqual([
      "<vcpupin vcpu='0' cpuset='2'/>",
      "<vcpupin vcpu='1' cpuset='3'/>",
      "<vcpupin vcpu='2' cpuset='4'/>",
      "<vcpupin vcpu='3' cpuset='5'/>",
      "<emulatorpin cpuset='0-1'/>",
      "<iothreadpin iothread='1' cpuset='0-1'/>",
    ]);
    expect(elements({ ...vm, pins: { ...vm.pins, iothreads: '6-7' } }, 'cputune', 'iothreadpin')).toEqual([
      "<iothreadpin iothread='1' cpuset='6-7'/>",
    ]);
    // On CPUs of their own nobody waits in a lock for a CPU.
    expect(only(DISKS, vm)).toEqual(expect.arrayContaining(["<spinlocks state='on' retries='8191'/>"]));
  });

  it('has wide interrupts beyond 255 vCPUs, as libvirt wants', () => {
    expect(wide({ vcpus: 255 })).toEqual([]);
    expect(wide({ vcpus: 256 })).toEqual(["    <ioapic driver='qemu'/>", "      <driver intremap='on' eim='on'/>"]);
    expect(wide({ vcpus: 256, ...CARD }).at(-1)).toBe("      <driver intremap='on' caching_mode='on' eim='on'/>");
  });

  it('never says where a device is in the guest', () => {
    const text = linesOf({ ...DISKS, ...CARD, media: ['windows'], nics: [{ network: 'n' }], lookingGlass: {}, hugepages: true }).join('\n');
    expect(text).not.toMatch(/<address type=/);
  });

  it('is a definition that can be read, whatever the spec says', () => {
    const vm = fc.record(
      {
        title: fc
          .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
          .filter((text) => /^[^\p{Cc}\p{Cs}\uFFFE\uFFFF]{1,200}$/u.test(text) && text.trim() !== ''),
        os: fc.constantFrom('linux', 'windows-11', 'windows-server-2025'),
        accelerator: fc.constantFrom('kvm', 'tcg'),
        vcpus: fc.integer({ min: 1, max: 710 }),
        hugepages: fc.constantFrom(true, false, '2 MiB'),
        firmware: fc.constantFrom('uefi', 'bios'),
        tpm: fc.boolean(),
        spice: fc.boolean(),
        disks: fc.array(fc.record({ volume: fc.constantFrom('system', 'data'), bus: fc.constantFrom('virtio', 'sata') }), {
          maxLength: 24,
        }),
        media: fc.array(fc.constantFrom('windows', 'virtio'), { maxLength: 6 }),
        nics: fc.array(fc.constant({ network: 'n' }), { maxLength: 24 }),
        gpu: fc.constant({ devices: ['01:00.0'] }),
        lookingGlass: fc.constant({ resolution: '7680x4320' }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(vm, (given) => {
        const text = treeText(domainOf(given).tree);
        const root = parseXml(text);
        expect(textAt(root, 'title')).toBe(given.title?.trim() ?? null);
        expect(text).not.toContain('undefined');
      }),
    );
  });
});
