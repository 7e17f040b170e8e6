import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readDomain } from './read.ts';
import { DomainXmlError } from './xml-error.ts';
import { parseXml, XML_LIMITS } from './xml.ts';

const FIXTURES = new URL('../../fixtures/domains/', import.meta.url);
const fixture = (name: string): string => readFileSync(new URL(name, FIXTURES), 'utf8');
const domain = (inner: string, attributes = "type='kvm'"): string => `<domain ${attributes}><name>win11</name>${inner}</domain>`;
const devices = (inner: string): string => domain(`<devices>${inner}</devices>`);
const qemu = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";

const nodes = (attributes: string): string | null =>
  readDomain(domain(`<numatune><memory ${attributes} nodeset='1'/></numatune>`)).memoryNodes;
const secure = (os: string): boolean | null => readDomain(domain(os)).secureBoot;
const at = (bus: string): string => `<source><address domain='0x0000' bus='${bus}' slot='0x00' function='0x1'/></source>`;
const answers = (text: string): boolean => {
  try {
    return readDomain(text).name !== '';
  } catch (error) {
    return error instanceof DomainXmlError;
  }
};

describe('readDomain', () => {
  it('reads a Windows 11 passthrough VM of a Ryzen machine', () => {
    const read = readDomain(fixture('Lobo6780__win11-libvirt-xml__win11.xml'));
    expect(read).toMatchObject({
      name: 'win11',
      memoryKiB: 16 * 1024 * 1024,
      vcpus: 8,
      hugepages: null,
      firmware: 'efi',
      loader: '/usr/share/edk2-ovmf/x64/OVMF_CODE.secboot.fd',
      tpm: { model: 'tpm-crb', backend: 'emulator', version: '2.0' },
    });
    expect(read.pciDevices).toContainEqual({ address: '0000:28:00.0', managed: true });
    expect(read.disks[0]).toMatchObject({ device: 'disk', format: 'raw', bus: 'virtio' });
  });

  it('reads hugepages and pinning of a Windows 10 VM on an X570 board', () => {
    const read = readDomain(fixture('smartperson__ubuntu-x570-qemu-setup__etc__libvirt__qemu__win10.xml'));
    expect(read.hugepages).toEqual([{ sizeKiB: null, nodes: null }]);
    expect(read.vcpuPins).toHaveLength(16);
    expect(read.pciDevices).toHaveLength(7);
  });

  it('reads the words of <qemu:commandline>, whatever the prefix', () => {
    const text = `<x:commandline><x:arg value='-device'/><x:arg value='{"driver":"ivshmem-plain"}'/><other value='no'/></x:commandline>`;
    expect(readDomain(domain(text, qemu.replace(':qemu', ':x'))).qemuArguments).toEqual(['-device', '{"driver":"ivshmem-plain"}']);
    expect(
      readDomain(domain("<qemu:commandline><qemu:arg value='-s'/></qemu:commandline>", "xmlns:qemu='urn:other'")).qemuArguments,
    ).toEqual([]);
  });

  it('reads the domain inside the status file of a running one', () => {
    const text = `<domstatus state='running' pid='812'>${domain("<memory unit='GiB'>8</memory>")}</domstatus>`;
    expect(readDomain(text).memoryKiB).toBe(8 * 1024 * 1024);
  });

  it.each([
    ['<memory>8388608</memory>', 8388608],
    ["<memory unit='KB'>1000</memory>", 977],
    ["<memory unit='b'>1</memory>", 1],
    ["<cpu><numa><cell memory='4' unit='GiB'/><cell memory='1024'/></numa></cpu>", 4 * 1024 * 1024 + 1024],
    ['', 0],
  ])('%s is memory of %d KiB', (text, kib) => {
    expect(readDomain(domain(text)).memoryKiB).toBe(kib);
  });

  it('reads page sizes and nodes of hugepages', () => {
    const text = "<memoryBacking><hugepages><page size='1' unit='G' nodeset='0'/><page size='2048'/></hugepages></memoryBacking>";
    expect(readDomain(domain(text)).hugepages).toEqual([
      { sizeKiB: 1048576, nodes: '0' },
      { sizeKiB: 2048, nodes: null },
    ]);
  });

  it('restricts memory to nodes only in strict mode, which is the default', () => {
    expect([nodes("mode='strict'"), nodes(''), nodes("mode='preferred'")]).toEqual(['1', '1', null]);
  });

  it.each([
    ["<os firmware='efi'/>", 'efi'],
    ["<os><loader type='pflash'>/a/CODE.fd</loader></os>", 'efi'],
    ["<os><loader type='rom'>/usr/share/edk2/ovmf/OVMF.amdsev.fd</loader></os>", 'efi'],
    ["<os><loader type='rom'>/usr/share/seabios/bios.bin</loader></os>", 'bios'],
    ["<os firmware='bios'/>", 'bios'],
    ['', 'bios'],
  ])('%s boots by %s', (text, firmware) => {
    expect(readDomain(domain(text)).firmware).toBe(firmware);
  });

  it('reads secure boot of automatic and of written firmware', () => {
    expect(secure("<os firmware='efi'><firmware><feature enabled='no' name='secure-boot'/></firmware></os>")).toBe(false);
    expect(secure("<os><loader type='pflash' secure='yes'>x</loader></os>")).toBe(true);
    expect(secure("<os firmware='efi'/>")).toBeNull();
  });

  it('reads PCI addresses of every base, of network and NVMe devices too', () => {
    const read = readDomain(
      devices(
        `<hostdev mode='subsystem' type='pci' managed='yes'>${at('0x0A')}</hostdev>` +
          `<hostdev mode='subsystem' type='usb'><source><address bus='1' device='2'/></source></hostdev>` +
          `<interface type='hostdev' managed='yes'><source><address type='pci' domain='0' bus='17' slot='0' function='1'/></source></interface>` +
          `<disk type='nvme' device='disk'><source type='pci' managed='no' namespace='1'><address domain='0x0001' bus='0x02' slot='0x1f' function='0x7'/></source></disk>`,
      ),
    );
    expect(read.pciDevices).toEqual([
      { address: '0000:0a:00.1', managed: true },
      { address: '0000:11:00.1', managed: true },
      { address: '0001:02:1f.7', managed: false },
    ]);
  });

  it('says when there is no graphical device', () => {
    expect(readDomain(devices('')).hasVideo).toBe(false);
    expect(readDomain(devices("<graphics type='spice'/><video><model type='none'/></video>")).hasVideo).toBe(false);
    expect(readDomain(devices("<graphics type='spice'/>")).hasVideo).toBe(true);
    expect(readDomain(devices("<video><model type='qxl'/></video>")).hasVideo).toBe(true);
  });

  it('reads the size of shared memory in bytes', () => {
    const text = "<shmem name='looking-glass'><model type='ivshmem-plain'/><size unit='M'>64</size></shmem>";
    expect(readDomain(devices(text)).sharedMemory).toEqual([
      { name: 'looking-glass', model: 'ivshmem-plain', sizeBytes: 64 * 1024 * 1024 },
    ]);
  });

  it('keeps a hostile name as it is', () => {
    expect(readDomain('<domain><name>a; rm -rf "/" &apos;$(x)&lt;</name></domain>').name).toBe('a; rm -rf "/" \'$(x)<');
  });
});

describe('readDomain refuses', () => {
  it.each([
    ['', 'document must contain a root element'],
    ['<network><name>default</name></network>', 'not <domain>'],
    ['<domain/>', 'no <name>'],
    ['<domain><name>a</domain>', 'unexpected close tag'],
    ['<domain><name>a</name></domain><domain/>', 'root'],
    ['<!DOCTYPE domain [<!ENTITY a "b">]><domain><name>&a;</name></domain>', 'document type declaration'],
    ['<domain><name>&nbsp;</name></domain>', 'undefined entity'],
    ['<domain><qemu:commandline/><name>a</name></domain>', 'unbound namespace prefix'],
    ['<domain><name>\u{1}</name></domain>', 'disallowed character'],
  ])('%j', (text, message) => {
    expect(() => readDomain(text)).toThrow(DomainXmlError);
    expect(() => readDomain(text)).toThrow(message);
  });

  it('the first error, with line and column', () => {
    expect(() => readDomain('<domain>\n  <name a=1>x</name>\n</wrong>')).toThrow(expect.objectContaining({ line: 2, column: 11 }));
  });

  it('what is too deep, too long or has too many elements', () => {
    expect(() => parseXml('<a>'.repeat(100))).toThrow('nested deeper than 64');
    expect(() => parseXml(`<a>${'<b/>'.repeat(XML_LIMITS.elements)}</a>`)).toThrow('more than 100000 elements');
    expect(() => parseXml(`<a>${' '.repeat(XML_LIMITS.characters)}</a>`)).toThrow('larger than');
  });
});

describe('readDomain takes any text', () => {
  const pieces = [
    '<domain>',
    '</domain>',
    '<name>',
    '</name>',
    '<devices>',
    '</devices>',
    '<hostdev type="pci">',
    '<source>',
    '<address bus="0x1"/>',
  ];

  it('and answers with a domain or a typed error', () => {
    const xmlLike = fc.array(
      fc.oneof(fc.constantFrom(...pieces, '<', '&', ']]>', '<![CDATA[', '<!--', '\u{0}'), fc.string({ maxLength: 4 })),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      xmlLike.map((parts) => parts.join('')),
    );
    expect(fc.check(fc.property(text, answers)).failed).toBe(false);
  });

  it('of the attribute names that objects have', () => {
    expect(readDomain(domain("<memory __proto__='x' constructor='y' unit='MiB'>1</memory>")).memoryKiB).toBe(1024);
  });

  const corpus = process.env['PASSCHECK_CORPUS'] ?? '';
  it.skipIf(corpus === '')('and every domain of the corpus', () => {
    const folders = ['domain', 'libvirt-domains', 'libvirt-normalised']
      .map((name) => join(corpus, name))
      .filter((folder) => existsSync(folder));
    const files = folders
      .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
      .filter((path) => path.endsWith('.xml'));
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((path) => !answers(readFileSync(path, 'utf8')))).toEqual([]);
  });
});
