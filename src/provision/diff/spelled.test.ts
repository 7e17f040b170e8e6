import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { changes, devices, domain, inWords, network, wanted } from '../../../test/trees.ts';
import { parseXml } from '../../domain/xml.ts';
import { aligned } from './aligned.ts';
import { differencesOf } from './differences.ts';
import { shapeOf } from './shape.ts';

function gpu(bus: string): string {
  return `<hostdev mode='subsystem' type='pci'><source><address ${bus} slot='0x00' function='0'/></source></hostdev>`;
}

function dhcpHost(mac: string): string {
  return `<ip address='10.0.0.1' prefix='8'><dhcp><host mac='${mac}' ip='10.0.0.2'/></dhcp></ip>`;
}

function pool(mode: string): string {
  return `<pool><target><permissions><mode>${mode}</mode></permissions></target></pool>`;
}

const running = (content: string): string => `<domain type='kvm' id='3'>${content}</domain>`;

const disk = (file: string, format: string, below = ''): string =>
  devices(`<disk type='file'><driver type='${format}'/><source file='${file}'/>${below}<target dev='vda'/></disk>`);

describe('one definition in two spellings', () => {
  it.each([
    ['sizes', domain("<memory unit='GiB'>8</memory>"), domain("<memory unit='KiB'>8388608</memory>")],
    ['sizes without a unit, which are KiB', domain('<memory>1024</memory>'), domain("<memory unit='MiB'>1</memory>")],
    [
      'sizes of pages, which have theirs beside them',
      domain("<memoryBacking><hugepages><page size='2' unit='MiB'/></hugepages></memoryBacking>"),
      domain("<memoryBacking><hugepages><page size='2048' unit='KiB'/></hugepages></memoryBacking>"),
    ],
    [
      'sizes of shared memory',
      devices("<shmem name='a'><size unit='KiB'>2048</size></shmem>"),
      devices("<shmem name='a'><size unit='M'>2</size></shmem>"),
    ],
    ['an address in another base', devices(gpu("bus='1'")), devices(gpu("domain='0x0000' bus='0x01'"))],
    [
      'MAC addresses in another case',
      devices("<interface type='network'><mac address='52:54:00:AA:BB:01'/></interface>"),
      devices("<interface type='network'><mac address='52:54:00:aa:bb:01'/></interface>"),
    ],
    ['lists of CPUs', domain("<cputune><emulatorpin cpuset='0,1,2'/></cputune>"), domain("<cputune><emulatorpin cpuset='0-2'/></cputune>")],
    ['an exclusion of CPUs', domain("<vcpu cpuset='0-3,^1'>2</vcpu>"), domain("<vcpu cpuset='0,2-3' placement='static'>2</vcpu>")],
    ['a machine by its alias', domain("<os><type machine='q35'>hvm</type></os>"), domain("<os><type machine='pc-q35-7.2'>hvm</type></os>")],
    [
      'features of the firmware in another order',
      domain("<os firmware='efi'><firmware><feature name='b' enabled='yes'/><feature name='a' enabled='no'/></firmware></os>"),
      domain("<os firmware='efi'><firmware><feature enabled='no' name='a'/><feature enabled='yes' name='b'/></firmware></os>"),
    ],
    [
      'firmware that libvirt or a person chose',
      domain("<os firmware='efi'><firmware><feature enabled='yes' name='secure-boot'/></firmware></os>"),
      domain("<os><loader readonly='yes' secure='yes' type='pflash'>/ovmf.fd</loader></os>"),
    ],
    [
      'firmware that libvirt ≥ 9.2 chose and keeps',
      domain("<os firmware='efi'><nvram>/dc01.nvram</nvram></os>"),
      domain(
        "<os firmware='efi'><loader readonly='yes' type='pflash'>/ovmf.fd</loader><nvram template='/vars.fd'>/dc01.nvram</nvram></os>",
      ),
    ],
    ['a loader of which nothing is said', domain("<os firmware='efi'><loader/></os>"), domain("<os firmware='efi'></os>")],
    [
      'the address that SPICE listens on',
      devices("<graphics type='spice' listen='127.0.0.1'/>"),
      devices("<graphics type='spice' listen='127.0.0.1'><listen type='address' address='127.0.0.1'/></graphics>"),
    ],
    ['a netmask', network("<ip address='10.0.0.1' prefix='20'/>"), network("<ip address='10.0.0.1' netmask='255.255.240.0'/>")],
    ['a prefix', network("<ip address='10.0.0.1' netmask='255.0.0.0'/>"), network("<ip family='ipv4' address='10.0.0.1' prefix='8'/>")],
    ['hosts of DHCP, which keep their case', network(dhcpHost('52:54:00:AA:BB:01')), network(dhcpHost('52:54:00:aa:bb:01'))],
    [
      'the path of a pool',
      '<pool><target><path>/images//lab/</path></target></pool>',
      '<pool><target><path>/images/lab</path></target></pool>',
    ],
    ['the mode of a pool', pool('711'), pool('0711')],
    ['a UUID', domain('<uuid>AAAAAAAA-0000-0000-0000-000000000000</uuid>'), domain('<uuid>aaaaaaaa000000000000000000000000</uuid>')],
    ['blanks around a text', domain('<title> lab </title>'), domain('<title>lab</title>')],
    [
      'an attribute with the name of a property',
      domain('<title>x</title>'),
      "<domain type='kvm' constructor='x'><title>x</title></domain>",
    ],
  ])('%s', (_what, desired, live) => {
    expect(changes(desired, live)).toEqual([]);
    expect(changes(desired, live, desired)).toEqual([]);
  });
});

describe('a domain that runs', () => {
  it.each([
    [
      'has what the balloon left it',
      domain("<memory unit='KiB'>2048</memory><currentMemory>2048</currentMemory>"),
      running('<memory>2048</memory><currentMemory>1024</currentMemory>'),
    ],
    ['has whole MiB', domain('<memory>1025</memory>'), running('<memory>2048</memory>')],
    ['has a mark of its own time', domain('<metadata><a/></metadata>'), running('')],
    ['has a checked processor', domain("<cpu mode='host-model' check='partial'/>"), running("<cpu mode='custom' check='full'/>")],
    [
      'has a port',
      domain("<devices><graphics type='vnc' port='-1'/></devices>"),
      running("<devices><graphics type='vnc' port='5900' autoport='yes'/></devices>"),
    ],
    [
      'has an empty drive when the guest wants that',
      domain("<devices><disk device='cdrom'><driver type='raw'/><source file='/a.iso'/><target dev='sda'/></disk></devices>"),
      running("<devices><disk device='cdrom'><target dev='sda'/></disk></devices>"),
    ],
    [
      'has an empty drive of which libvirt keeps a number',
      domain("<devices><disk device='cdrom'><driver name='qemu' type='raw'/><source file='/a.iso'/><target dev='sda'/></disk></devices>"),
      running("<devices><disk device='cdrom'><driver name='qemu'/><source index='2'/><target dev='sda'/></disk></devices>"),
    ],
  ])('%s', (_what, desired, live) => expect(changes(desired, live, desired)).toEqual([]));

  it('still shows what waits for its next start', () => {
    expect(changes(domain("<memory unit='MiB'>4</memory>"), running("<memory unit='MiB'>2</memory>"))).toEqual(['memory: 2 MiB → 4 MiB']);
  });
});

describe('the image of a disk', () => {
  it('stays the one that a snapshot built on the wanted one', () => {
    const live = disk(
      '/a.s1',
      'qcow2',
      "<backingStore type='file'><source file='/b'/><backingStore><source file='/a.img'/></backingStore></backingStore>",
    );
    expect(changes(disk('/a.img', 'raw'), live, disk('/a.img', 'raw'))).toEqual([]);
  });

  it('is named when it is another one', () => {
    expect(changes(disk('/a.img', 'raw'), disk('/other.img', 'raw'))).toEqual(['disk vda: source: /other.img → /a.img']);
  });
});

describe('what libvirt made of definitions', () => {
  const folder = join(process.env['PASSCHECK_CORPUS'] ?? '/nonexistent', 'libvirt-normalised');
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

  it.skipIf(!existsSync(folder))('is what PASSCHECK_CORPUS asked for', () => {
    const live = parseXml(read('domain-dumped-inactive.xml'));
    // One of its cards was given its MAC address by libvirt.
    const desired = aligned(wanted(read('domain-defined.xml')), live, { uuid: false, nvram: false, macs: [] });
    expect(inWords(differencesOf(desired, live, shapeOf(desired)))).toEqual([]);
    const tiny = wanted(read('r_in.xml'));
    expect(inWords(differencesOf(tiny, parseXml(read('r_live.xml')), shapeOf(tiny)))).toEqual([]);
    expect(inWords(differencesOf(tiny, parseXml(read('r_in.xml')), shapeOf(tiny)))).toEqual([]);
  });
});
