import { describe, expect, it } from 'vitest';

import { changes, devices, domain, inWords, network, wanted } from '../../../test/trees.ts';
import { parseXml } from '../../domain/xml.ts';
import { el } from '../tree.ts';
import { differencesOf } from './differences.ts';
import { shapeOf } from './shape.ts';

function memory(size: number, current: number): string {
  return domain(`<memory unit='GiB'>${size}</memory><currentMemory unit='GiB'>${current}</currentMemory>`);
}

function pins(content: string): string {
  return domain(`<cputune>${content}</cputune>`);
}

function disk(driver: string): string {
  return devices(`<disk><driver ${driver}/><target dev='vda'/></disk>`);
}

function card(source: string): string {
  return devices(`<interface><mac address='52:54:00:12:34:56'/><source ${source}/></interface>`);
}

function gpu(alias: string, bus: string): string {
  return `<hostdev type='pci'><source><address domain='0' bus='${bus}' slot='0' function='0'/></source><alias name='${alias}'/></hostdev>`;
}

const net = (mask: string): string => network(`<ip address='10.0.0.1' ${mask}/>`);

describe('what changes', () => {
  it.each([
    [
      'memory, and what the guest starts with',
      domain("<memory unit='GiB'>16</memory>"),
      memory(8, 8),
      ['memory: 8 GiB → 16 GiB', 'current memory: 8 GiB → 16 GiB'],
    ],
    ['memory that a person lowered stays lowered', domain("<memory unit='GiB'>16</memory>"), memory(8, 4), ['memory: 8 GiB → 16 GiB']],
    [
      'but is never more than there is',
      domain("<memory unit='GiB'>2</memory>"),
      memory(8, 4),
      ['memory: 8 GiB → 2 GiB', 'current memory: 4 GiB → 2 GiB'],
    ],
    ['vCPUs', domain('<vcpu>4</vcpu>'), domain("<vcpu placement='static' current='6'>8</vcpu>"), ['vcpu: 8 → 4', '- vcpu: current: 6']],
    ['a pin', pins("<vcpupin vcpu='3' cpuset='5'/>"), pins("<vcpupin vcpu='3' cpuset='4'/>"), ['CPU pin of vCPU 3: 4 → 5']],
    ['a pin that is missing', pins("<vcpupin vcpu='3' cpuset='5'/>"), domain(''), ['+ CPU tuning: CPU pin of vCPU 3']],
    ['an attribute that is missing', disk("cache='none'"), disk(''), ['+ disk vda: driver cache: none']],
    [
      'a card on another network',
      card("network='lab'"),
      card("network='default'"),
      ['interface 52:54:00:12:34:56: network: default → lab'],
    ],
    [
      'a card on a bridge, which is on no network any more',
      card("bridge='br0'"),
      card("network='default'"),
      ['+ interface 52:54:00:12:34:56: bridge: br0', '- interface 52:54:00:12:34:56: network: default'],
    ],
    ['a device', devices("<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>"), devices(''), ['+ tpm: tpm-crb 2.0']],
    ['a GPU', devices(gpu('ua-pc-gpu-0', '0x01')), devices(''), ['+ GPU 0000:01:00.0: ']],
    [
      'another GPU',
      devices(gpu('ua-pc-gpu-0', '0x02')),
      devices(gpu('ua-pc-gpu-0', '0x01')),
      ['GPU 0000:01:00.0: bus on the host: 0x01 → 0x02'],
    ],
    [
      'the subnet of a network',
      network("<ip address='10.1.0.1' prefix='16'/>"),
      network("<ip address='10.0.0.1' netmask='255.255.255.0'/>"),
      ['address 10.0.0.1: address: 10.0.0.1 → 10.1.0.1', 'address 10.0.0.1: netmask: 255.255.255.0 → 255.255.0.0'],
    ],
    ['a network that is to be isolated', network('<name>a</name>'), network("<name>a</name><forward mode='nat'/>"), ['- forward: nat']],
    [
      'a network that is to be isolated, as it runs',
      network('<name>a</name>'),
      network("<name>a</name><forward mode='nat'><nat><port start='1' end='2'/></nat></forward>"),
      ['- forward: nat'],
    ],
    [
      'DHCP',
      network("<ip address='10.0.0.1'><dhcp><range start='10.0.0.9' end='10.0.0.20'/></dhcp></ip>"),
      network("<ip address='10.0.0.1'/>"),
      ['+ DHCP: 10.0.0.9 to 10.0.0.20'],
    ],
    [
      'a network that routes',
      network("<forward mode='route'/>"),
      network("<forward mode='nat'><nat><port start='1' end='2'/></nat></forward>"),
      ['forward: nat → route', '- forward: nat: port'],
    ],
    [
      'a VM without UEFI',
      domain('<os><type>hvm</type></os>'),
      domain("<os firmware='efi'><type>hvm</type><nvram>/a</nvram></os>"),
      ['- firmware: efi', '- NVRAM: /a'],
    ],
    [
      'Secure Boot, for which libvirt has to choose anew',
      domain("<os firmware='efi'><firmware><feature name='secure-boot' enabled='no'/></firmware></os>"),
      domain(
        "<os firmware='efi'><firmware><feature name='secure-boot' enabled='yes'/></firmware><loader type='pflash'>/a.fd</loader><nvram template='/t'>/n</nvram></os>",
      ),
      ['firmware feature secure-boot: yes → no', '- UEFI loader: /a.fd', '- NVRAM: template: /t'],
    ],
    [
      'the processor, of which libvirt knows no model then',
      domain("<cpu mode='host-passthrough'/>"),
      domain("<cpu mode='custom' match='exact'><model>qemu64</model></cpu>"),
      ['CPU: mode: custom → host-passthrough', '- CPU: match: exact', '- CPU: model: qemu64'],
    ],
    [
      'the screen, whose memory is its own',
      devices("<video><model type='virtio'/></video>"),
      devices("<video><model type='qxl' ram='65536' heads='1'/></video>"),
      ['video: model type: qxl → virtio', '- video: model ram: 64 MiB'],
    ],
    [
      'the bus of a disk, whose place is on that bus',
      devices("<disk><target dev='sda' bus='sata'/><alias name='ua-pc-disk-0'/></disk>"),
      devices("<disk><target dev='vda' bus='virtio'/><alias name='ua-pc-disk-0'/><address type='pci' bus='0x04' slot='0x00'/></disk>"),
      ['disk vda: target: vda → sda', 'disk vda: bus: virtio → sata', '- disk vda: address: 0000:04:00.0'],
    ],
    [
      'the port of a drive with its name',
      devices("<disk><target dev='sde' bus='sata'/><alias name='ua-pc-disk-0'/></disk>"),
      devices("<disk><target dev='sdd' bus='sata'/><alias name='ua-pc-disk-0'/><address type='drive' unit='3'/></disk>"),
      ['disk sdd: target: sdd → sde', '- disk sdd: address: drive, unit 3'],
    ],
    [
      'the order of devices at the start, beside which there is none of kinds, and each number once',
      devices("<disk><target dev='vda'/><boot order='1'/></disk>"),
      domain("<os><boot dev='hd'/></os><devices><disk><target dev='vda'/></disk><interface><boot order='1'/></interface></devices>"),
      ['+ disk vda: boot order: 1', '- boot device: hd', '- interface: boot order: 1'],
    ],
    [
      'the order of kinds, beside which there is none of devices',
      domain("<os><boot dev='cdrom'/><boot dev='hd'/></os>"),
      domain("<os><boot dev='network'/></os><devices><disk><target dev='vda'/><boot order='1'/></disk></devices>"),
      ['boot device: network → cdrom', '+ boot device: hd', '- disk vda: boot order: 1'],
    ],
    [
      'USB where there was none',
      devices("<input type='tablet' bus='usb'/>"),
      devices("<controller type='usb' model='none'/>"),
      ['+ input tablet usb: ', '- controller usb: model none'],
    ],
    [
      'an element of another namespace',
      `<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><qemu:commandline/></domain>`,
      '<domain/>',
      ['+ qemu:commandline: '],
    ],
  ])('%s', (_what, desired, live, expected) => {
    expect(changes(desired, live)).toEqual(expected);
  });

  it('writes a size in the unit that stands there, and another one only where it has to', () => {
    const live = parseXml(devices("<shmem name='a'><size unit='M'>64</size></shmem><shmem name='b'><size unit='G'>1</size></shmem>"));
    const desired = wanted(
      devices("<shmem name='a'><size unit='KiB'>131072</size></shmem><shmem name='b'><size unit='M'>512</size></shmem>"),
    );
    expect(differencesOf(desired, live, null)).toMatchObject([
      { kind: 'set-text', value: '128' },
      { kind: 'set-text', value: '512' },
      { kind: 'set-attribute', name: 'unit', value: 'M' },
    ]);
  });
});

describe('what is no longer wanted', () => {
  const before = domain(
    "<title>a</title><iothreads>1</iothreads><devices><disk><driver cache='none' io='native'/><target dev='vda'/><alias name='ua-pc-disk-0'/></disk></devices>",
  );
  const foreign = "<interface><mac address='52:54:00:00:00:99'/></interface>";

  it('goes when passcheck wanted it before, and nothing else does', () => {
    const live = before
      .replace('<devices>', `<description>mine</description><devices>${foreign}`)
      .replace("cache='none'", "cache='none' discard='unmap'");
    const desired = domain("<devices><disk><driver cache='none'/><target dev='vda'/><alias name='ua-pc-disk-0'/></disk></devices>");
    expect(changes(desired, live, before)).toEqual(['- disk vda: driver io: native', '- I/O threads: 1', '- title: a']);
    expect(changes(desired, live)).toEqual([]);
  });

  it('is a whole device by the alias that passcheck gave it, not by its place', () => {
    const elsewhere = before.replace("dev='vda'", "dev='vdb'");
    expect(changes(devices(''), elsewhere, devices("<disk><target dev='vda'/><alias name='ua-pc-disk-0'/></disk>"))).toEqual([
      '- disk vdb: empty',
    ]);
    const another = devices("<disk><source file='/own.qcow2'/><target dev='vda'/></disk>");
    expect(changes(devices(''), another, devices("<disk><target dev='vda'/><alias name='ua-pc-disk-0'/></disk>"))).toEqual([]);
  });

  it('does not go when libvirt says it in other words', () => {
    expect(changes(net("prefix='8'"), net("netmask='255.0.0.0'"), net("netmask='255.0.0.0'"))).toEqual([]);
    expect(
      changes(domain('<memory>1024</memory>'), domain("<memory unit='KiB'>1024</memory>"), domain("<memory unit='MiB'>1</memory>")),
    ).toEqual([]);
  });

  it('takes the console with the serial port that it stands for', () => {
    const port = "<serial type='pty'><target port='0'/></serial>";
    const live = devices(`${port}<console type='pty'><target type='serial' port='0'/></console>`);
    expect(changes(devices(''), live, devices(port))).toEqual(['- serial: pty', '- console: pty']);
    expect(changes(devices(''), live)).toEqual([]);
  });

  it('is removed once, whatever else asks for it', () => {
    const uefi = domain("<os firmware='efi'><type>hvm</type><firmware><feature name='secure-boot' enabled='yes'/></firmware></os>");
    expect(changes(domain('<os><type>hvm</type></os>'), uefi, uefi)).toEqual(['- firmware: efi', '- firmware features: secure-boot yes']);
  });
});

describe('a hostile definition', () => {
  it('of many devices that stand for nothing is gone through once', () => {
    const many = Array.from({ length: 10_000 }, (_one, index) => `<disk><target dev='sd${index}'/></disk>`).join('');
    const live = devices(`${many}<disk><target dev='vda' bus='sata'/></disk>`);
    expect(changes(devices("<disk><target dev='vda' bus='virtio'/></disk>"), live)).toEqual(['disk vda: bus: sata → virtio']);
    expect(differencesOf(wanted(devices('')), parseXml(live), shapeOf(wanted(live)))).toHaveLength(10_001);
  });

  it('has values that are cut for people', () => {
    const [change] = differencesOf(wanted(domain('<title>a</title>')), parseXml(domain(`<title>${'x'.repeat(100_000)}</title>`)), null);
    expect(change?.from).toHaveLength(200);
  });

  it('may have attributes with the names of properties', () => {
    const live = parseXml("<domain type='kvm' __proto__='a' constructor='b'/>");
    const previous = { name: 'domain', key: null, attributes: ['__proto__', 'constructor', 'toString'], children: [] };
    expect(inWords(differencesOf(el('domain', { type: 'kvm' }), live, previous))).toEqual(['- __proto__: a', '- constructor: b']);
  });
});
