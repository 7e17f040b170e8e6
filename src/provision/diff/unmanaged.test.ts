import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { expect, it } from 'vitest';

import { wanted } from '../../../test/trees.ts';
import { parseXml } from '../../domain/xml.ts';
import { shapeOf } from './shape.ts';
import { unmanagedOf } from './unmanaged.ts';

const LINUX = readFileSync(resolve(import.meta.dirname, '../../../fixtures/provision/varied/domain-linux.xml'), 'utf8');
const NAT = readFileSync(resolve(import.meta.dirname, '../../../fixtures/provision/varied/network-nat.xml'), 'utf8');

it('devices and settings that the spec does not speak of are told, and not what libvirt adds', () => {
  const desired = wanted("<domain><devices><disk><alias name='ua-pc-disk-0'/></disk></devices></domain>");
  expect(unmanagedOf(desired, parseXml(LINUX))).toEqual([
    'I/O threads (1)',
    'CPU tuning (CPU pin of vCPU 0, CPU pin of vCPU 1, CPU pin of the emulator 0-1, CPU pin of I/O thread 1)',
    'power management (suspend-to-mem no, suspend-to-disk no)',
    'CD drive sda (/var/lib/libvirt/iso/here.iso)',
    'CD drive sdb (/var/lib/libvirt/iso/gone.iso)',
    'disk sdd (/var/lib/libvirt/images/varied/data.img)',
    expect.stringMatching(/^interface 52:54:00:.* \(isolated\)$/),
    expect.stringMatching(/^interface 52:54:00:.* \(nat\)$/),
    'serial (pty)',
    'channel org.qemu.guest_agent.0',
    'channel com.redhat.spice.0',
    'input tablet usb',
    'tpm (tpm-crb 2.0)',
    'graphics spice (127.0.0.1)',
    'sound (model ich9)',
    'random number device (model virtio, backend random)',
  ]);
});

it('elements of lists that are wanted are looked through', () => {
  const live = `<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><cputune><vcpupin vcpu='0' cpuset='1'/><vcpupin vcpu='1' cpuset='2'/></cputune>
    <clock offset='utc'><timer name='hpet' present='no'/></clock><qemu:commandline><qemu:arg value='-s'/></qemu:commandline></domain>`;
  const desired = wanted("<domain><cputune><vcpupin vcpu='0' cpuset='1'/></cputune><clock offset='utc'/></domain>");
  expect(unmanagedOf(desired, parseXml(live))).toEqual([
    'CPU pin of vCPU 1 (2)',
    'clock timer hpet (present no)',
    'qemu:commandline (qemu:arg -s)',
  ]);
});

it('what goes because it was wanted before is not told', () => {
  const live = parseXml("<domain><devices><tpm model='tpm-crb'/><sound model='ich9'/></devices></domain>");
  const desired = wanted('<domain><devices/></domain>');
  expect(unmanagedOf(desired, live)).toEqual(['tpm (tpm-crb)', 'sound (model ich9)']);
  expect(unmanagedOf(desired, live, shapeOf(wanted("<domain><devices><sound model='ich9'/></devices></domain>")))).toEqual([
    'tpm (tpm-crb)',
  ]);
});

it('a network has its addresses and services', () => {
  expect(unmanagedOf(wanted("<network><forward mode='nat'/></network>"), parseXml(NAT))).toEqual([
    'address 10.78.0.1 (netmask 255.255.0.0, DHCP)',
  ]);
});

it('of very many, some are told', () => {
  const many = Array.from({ length: 5000 }, (_one, index) => `<disk><target dev='sd${index}'/></disk>`).join('');
  const told = unmanagedOf(wanted('<domain><devices/></domain>'), parseXml(`<domain><devices>${many}</devices></domain>`));
  expect(told).toHaveLength(51);
  expect(told.at(-1)).toBe('4950 more');
});
