import { readFileSync } from 'node:fs';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { definitionChanges } from './definition-changes.ts';
import { parseXml } from './xml.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/domains/${name}.xml`, import.meta.url), 'utf8');
const DEFINED = fixture('tiny-defined');
const RUNNING = fixture('tiny-running');
const changes = (running: string, next: string) => definitionChanges(parseXml(running), parseXml(next));
const domain = (body: string): string => `<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>a</name>${body}</domain>`;

describe('definitionChanges', () => {
  it('are none between a definition and the same domain running', () => {
    expect(changes(RUNNING, DEFINED)).toEqual([]);
    expect(changes(DEFINED, DEFINED)).toEqual([]);
  });

  it('are what was edited since the start', () => {
    const edited = DEFINED.replace("<memory unit='KiB'>131072", "<memory unit='MiB'>256")
      .replace("<vcpu placement='static'>1", "<vcpu placement='static'>4")
      .replace('pc-q35-7.2', 'pc-q35-9.0')
      .replace('tiny.qcow2', 'other.qcow2')
      .replace("<memballoon model='none'/>", "<memballoon model='virtio'/>")
      .replace(/<tpm model[\s\S]*?<\/tpm>/, '');
    expect(changes(RUNNING, edited)).toEqual([
      { what: 'memory', running: '128 MiB', next: '256 MiB' },
      { what: 'machine', running: 'pc-q35-7.2', next: 'pc-q35-9.0' },
      { what: 'vCPUs', running: '1', next: '4' },
      { what: 'maximum of vCPUs', running: '1', next: '4' },
      { what: 'disk vda', running: 'virtio /var/lib/libvirt/images/tiny.qcow2', next: 'virtio /var/lib/libvirt/images/other.qcow2' },
      { what: 'tpm tpm-tis 2.0', running: 'one', next: null },
      { what: 'memballoon none', running: 'one', next: null },
      { what: 'memballoon virtio', running: null, next: 'one' },
    ]);
  });

  it.each([
    ['a size in another unit', "<memory unit='GiB'>1</memory>", '<memory>1048576</memory>'],
    [
      'the medium of a drive',
      "<devices><disk device='cdrom'><source file='/a.iso'/><target dev='sda' bus='sata'/></disk></devices>",
      "<devices><disk device='cdrom'><target dev='sda' bus='sata'/></disk></devices>",
    ],
    [
      'the model that host-model became',
      "<cpu mode='custom'><model>Skylake</model><feature name='vmx' policy='require'/></cpu>",
      "<cpu mode='host-model'/>",
    ],
    [
      'a topology with its dies',
      "<cpu><topology sockets='1' dies='1' cores='4' threads='2'/></cpu>",
      "<cpu><topology sockets='1' cores='4' threads='2'/></cpu>",
    ],
    ['System Management Mode of the firmware', "<features><smm state='on'/></features>", '<features/>'],
    [
      'a USB device that may be missing',
      '<devices/>',
      "<devices><hostdev type='usb'><source startupPolicy='optional'><vendor id='0x1'/></source></hostdev></devices>",
    ],
    [
      'where a USB device is',
      "<devices><hostdev type='usb'><source><vendor id='0x1'/><product id='0x2'/><address bus='1' device='9'/></source></hostdev></devices>",
      "<devices><hostdev type='usb'><source><vendor id='0x1'/><product id='0x2'/></source></hostdev></devices>",
    ],
  ])('%s is none', (_, running, next) => {
    expect(changes(domain(running), domain(next))).toEqual([]);
  });

  it.each([
    [
      'a PCI device',
      '',
      "<devices><hostdev type='pci'><source><address domain='0' bus='1' slot='0' function='0'/></source></hostdev></devices>",
      'PCI device 0000:01:00.0',
    ],
    ['a pin', "<cputune><vcpupin vcpu='0' cpuset='2'/></cputune>", "<cputune><vcpupin vcpu='0' cpuset='4'/></cputune>", 'pin of vCPU 0'],
    ['an enlightenment', '', "<features><hyperv><vapic state='on'/></hyperv></features>", 'feature hyperv vapic'],
    [
      'a feature of the CPU',
      "<cpu mode='host-passthrough'/>",
      "<cpu mode='host-passthrough'><feature policy='disable' name='hypervisor'/></cpu>",
      'CPU feature hypervisor',
    ],
    ['hugepages', '', '<memoryBacking><hugepages/></memoryBacking>', 'memory backing'],
    ['arguments for QEMU', '', "<qemu:commandline><qemu:arg value='-foo'/></qemu:commandline>", 'QEMU arguments'],
    [
      'a second screen',
      "<devices><video><model type='qxl'/></video></devices>",
      "<devices><video><model type='qxl'/></video><video><model type='qxl'/></video></devices>",
      'video qxl',
    ],
    ['a timer', "<clock><timer name='hpet' present='no'/></clock>", "<clock><timer name='hpet' present='yes'/></clock>", 'timer hpet'],
  ])('%s is one', (_, running, next, what) => {
    expect(changes(domain(running), domain(next)).map((change) => change.what)).toEqual([what]);
  });

  it('are found in any definition, in time that grows with it', () => {
    const word = fc.stringMatching(/^[a-z0-9_-]{0,12}$/);
    fc.assert(
      fc.property(word, word, (a, b) => {
        changes(domain(`<memory unit='${a}'>${b}</memory><devices><hostdev type='${a}'/><disk device='${b}'/></devices>`), domain(''));
      }),
    );
    const many = domain(
      `<devices>${Array.from({ length: 10_000 }, (_, index) => `<disk><target dev='d${index}'/></disk>`).join('')}</devices>`,
    );
    expect(changes(many, domain(''))).toHaveLength(10_000);
  });
});
