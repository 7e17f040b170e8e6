import { describe, expect, it } from 'vitest';

import type { Report } from '../src/report/model.ts';
import * as hosts from './domains/hosts.ts';
import * as linux from './domains/linux.ts';
import * as windows from './domains/windows.ts';
import { ON_BOARD, ryzen7950x3d } from './hosts/desktops.ts';
import { ARCH } from './hosts/distributions.ts';
import { memoryHost } from '../src/host/memory.ts';
import { lint } from './lint.ts';

// Definitions that start on their owners' machines: none of them may be refused, and each serious finding has to be right.

const all: Readonly<Record<string, string>> = { ...windows, ...hosts, ...linux };

/** Blockers and majors, without `domain/`. */
function serious({ results }: Report): string[] {
  const found = results.filter(({ status, severity }) => status === 'fail' && ['blocker', 'major'].includes(severity));
  return [...new Set(found.map(({ id }) => id.slice('domain/'.length)))].toSorted();
}

const UNPINNED = ['cpu/vcpupin-all'];
/** What virt-manager's own choices cost on Windows. */
const DEFAULT_WINDOWS = ['hyperv/recommended-set', 'storage/bus'];

const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  installing: ['cpu/topology', ...DEFAULT_WINDOWS],
  installed: ['cpu/topology', ...DEFAULT_WINDOWS],
  withCard: [...UNPINNED, ...DEFAULT_WINDOWS],
  fedora: [...UNPINNED, 'storage/bus'],
  printed: ['cpu/topology', 'hyperv/recommended-set'],
  unraid: ['hyperv/recommended-set'],
  windowsServer: [...UNPINNED, 'hyperv/recommended-set'],
  virtiofs: [...UNPINNED, 'memory/hugepages'],
  ...Object.fromEntries(['archWiki', 'hybrid', 'monitors', 'numa', 'realTime'].map((name) => [name, []])),
  ...Object.fromEntries(['aarch64', 'emulated', 'linuxPlain', 'session', 'virtualFunction', 'gvtg', 'vgpu'].map((name) => [name, []])),
};

describe('what people run', () => {
  it('is many kinds of guests', () => {
    expect(Object.keys(all).length).toBeGreaterThan(30);
    expect(Object.keys(EXPECTED).filter((name) => !(name in all))).toEqual([]);
  });

  it.each(Object.entries(all))('%s is no NO-GO, and what is said of it is right', async (name, text) => {
    const report = await lint({ [`${name}.xml`]: text });
    expect(report.verdict).toBe('GO');
    expect(serious(report)).toEqual(EXPECTED[name] ?? UNPINNED);
  });

  it('may share a card, as long as they do not run together', async () => {
    const report = await lint({ 'nixos.xml': hosts.nixos, 'gaming-linux.xml': linux.alternative });
    expect(serious(report)).toEqual(UNPINNED);
  });
});

describe('on the host of a Ryzen 7950X3D with an RTX 4090', () => {
  const host = ryzen7950x3d({ card: ['vfio-pci', 'vfio-pci'] }, { screens: ON_BOARD, own: ARCH.bindsEarly('10de:2684,10de:22ba') });
  /** The host has no image, firmware, program and network of a definition: that is not what is asked here. */
  const NAMED =
    /^domain\/(?:machine\/(?:emulator|firmware-\w+|tpm-backend)|(?:network|storage)\/source-exists|pci\/rom-file|display\/evdev-present)$/;
  const refused = async (name: string): Promise<readonly string[]> => {
    const { results } = await lint({ [`${name}.xml`]: all[name] ?? '' }, memoryHost(host));
    const found = results.filter(({ id, status, severity }) => status === 'fail' && severity === 'blocker' && !NAMED.test(id));
    return [...new Set(found.map(({ id }) => id.slice('domain/'.length)))].toSorted();
  };
  const OF_OTHER_HOSTS: Readonly<Record<string, readonly string[]>> = {
    radeon: ['pci/device-present'],
    intelLegacy: ['pci/device-present'],
    wholeDevices: ['pci/device-present'],
    virtualFunction: ['pci/device-present'],
  };

  it.each(Object.keys(all))('%s is refused only for what the host has not', async (name) => {
    expect(await refused(name)).toEqual(OF_OTHER_HOSTS[name] ?? []);
  });
});

const LSPCI = "domain='0x0000' bus='0x01' slot='0x00' function='0x1'";

/** What people change by hand, and what libvirt or QEMU refuses then. Tried with libvirt 9.0 and QEMU 7.2. */
const SLIPS: readonly (readonly [what: string, name: string, from: RegExp | string, to: string, rule: string])[] = [
  ['a switch with yes', 'withCard', "<smm state='on'/>", "<smm state='yes'/>", 'schema/accepted-values'],
  ['a hidden hypervisor with true', 'archWiki', "<hidden state='on'/>", "<hidden state='true'/>", 'schema/accepted-values'],
  ['a clock of no offset', 'installed', "offset='localtime'", "offset='local'", 'schema/accepted-values'],
  ['an image as img', 'installed', "type='qcow2'", "type='img'", 'schema/accepted-values'],
  ['a TPM by its short name', 'installed', "model='tpm-crb'", "model='crb'", 'schema/accepted-values'],
  ['a TPM without a backend', 'installed', /<backend type='emulator'[^>]*>/, '', 'schema/accepted-values'],
  ['a balloon without a model', 'singleCard', "<memballoon model='none'/>", '<memballoon/>', 'schema/accepted-values'],
  ['an address of lspci as it is', 'withCard', LSPCI, "domain='0000' bus='01' slot='20' function='8'", 'schema/accepted-values'],
  ['a card without a source', 'ciRunner', /<source>\s+<address domain[^>]*>\s+<\/source>/, '', 'schema/accepted-values'],
  ['another machine with the old controllers', 'installed', "machine='pc-q35-8.2'", "machine='pc-i440fx-8.2'", 'pci/controllers'],
  ['a root port twice', 'lookingGlass', "index='3' model='pcie-root-port'", "index='2' model='pcie-root-port'", 'pci/controllers'],
  ['a disk moved to virtio with its address', 'installed', "dev='sda' bus='sata'", "dev='vda' bus='virtio'", 'devices/guest-address'],
  ['a redirection copied', 'installed', "bus='0' port='3'", "bus='0' port='2'", 'devices/guest-address'],
  ['a channel copied', 'linuxDesktop', "bus='0' port='2'", "bus='0' port='1'", 'devices/guest-address'],
  ['a CD at the place of the disk', 'installing', "unit='1'", "unit='0'", 'devices/guest-address'],
  ['a function given twice', 'withCard', LSPCI, LSPCI.replace("function='0x1'", "function='0x0'"), 'pci/device-once'],
  ['a place in the guest taken twice', 'withCard', "bus='0x07' slot='0x00'", "bus='0x06' slot='0x00'", 'pci/guest-address'],
  ['a topology of other numbers', 'withCard', "cores='4'", "cores='3'", 'cpu/topology-product'],
  ['a vCPU pinned twice', 'archWiki', "vcpu='1' cpuset='14'", "vcpu='0' cpuset='14'", 'cpu/pin-lists'],
  ['an I/O thread that there is not', 'archWiki', "iothread='1' queues", "iothread='2' queues", 'storage/iothread-exists'],
  ['two first devices to boot', 'installing', "order='2'", "order='1'", 'storage/boot-order'],
  ['arguments without the namespace', 'kvmfr', / xmlns:qemu='[^']*'/, '', 'schema/well-formed'],
  ['memory of kvmfr with a wrong size', 'kvmfr', '67108864', '64000000', 'display/kvmfr-arguments'],
  ['shared memory of no power of two', 'lookingGlass', '>64</size>', '>100</size>', 'display/shared-memory-size'],
  ['virtiofs without shared memory', 'virtiofs', /<memoryBacking>[^]*<\/memoryBacking>/, '', 'memory/shared-memory'],
  ['a display of a slice without SPICE', 'gvtg', /<graphics [^]*<\/graphics>/, '', 'display/mdev-display'],
  ['an owner of the hypervisor with a long name', 'archWiki', '1234567890ab', '1234567890abcdef', 'hyperv/values'],
  ['a passed card without a number', 'vgpu', /uuid='aa61[^']*'/, "uuid='card0'", 'schema/accepted-values'],
];

describe('what people get wrong', () => {
  it.each(SLIPS)('%s (%s) is a NO-GO', async (_, name, from, to, rule) => {
    const text = all[name] ?? '';
    const broken = text.replace(from, to);
    expect(broken).not.toBe(text);
    const { verdict, results } = await lint({ 'broken.xml': broken });
    const blockers = results.filter(({ status, severity }) => status === 'fail' && severity === 'blocker').map(({ id }) => id);
    expect({ verdict, blockers }).toEqual({ verdict: 'NO-GO', blockers: expect.arrayContaining([`domain/${rule}`]) as unknown });
  });
});
