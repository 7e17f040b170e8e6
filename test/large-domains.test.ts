import { describe, expect, it } from 'vitest';

import { XML_LIMITS } from '../src/domain/xml.ts';
import { fixText } from '../src/engine/fix-text.ts';
import type { Report } from '../src/report/model.ts';
import { aDefinition } from './domain-rule.ts';
import { lint } from './lint.ts';

// No time is asserted: what is not linear in the size does not come to an end within the time of a test.
const MANY = 10_000;
const CPUS = 4096;

function repeat(count: number, one: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => one(index)).join('\n');
}

const hex = (value: number): string => `0x${value.toString(16)}`;

/** What fails, by rule. */
async function failures(text: string): Promise<Map<string, number>> {
  return countFailures(await lint({ 'vm.xml': text }));
}

function countFailures({ results }: Report): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { id, status } of results) {
    if (status === 'error') throw new Error(`${id} could not look`);
    if (status === 'fail') counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

const pinned = (cpuset: (vcpu: number) => string): string =>
  aDefinition({
    body: `<memory unit='GiB'>16</memory>
  <vcpu>${CPUS}</vcpu>
  <cputune>
${repeat(CPUS, (vcpu) => `    <vcpupin vcpu='${vcpu}' cpuset='${cpuset(vcpu)}'/>`)}
  </cputune>`,
  });

const DISKS = repeat(
  MANY,
  (index) => `<disk type='file' device='disk'>
      <driver name='qemu' type='raw' cache='unsafe'/>
      <source file='/images/${index}.img'/>
      <target dev='vd${index}' bus='virtio'/>
    </disk>`,
);

const PCI = repeat(MANY, (index) => {
  const address = `domain='${hex(index >> 13)}' bus='${hex((index >> 8) & 255)}' slot='${hex((index >> 3) & 31)}' function='${hex(index & 7)}'`;
  return `<hostdev mode='subsystem' type='pci' managed='yes'><source><address ${address}/></source><address type='pci' ${address}/></hostdev>`;
});

const USB = repeat(MANY, (index) => {
  return `<hostdev mode='subsystem' type='usb'><source><vendor id='${hex(index + 1)}'/><product id='0x1234'/></source></hostdev>`;
});

const CARD = `<interface type='network'><mac address='52:54:00:00:00:01'/><source network='default'/><model type='virtio'/></interface>`;

describe('a large definition is judged to its end', () => {
  it('10,000 disks: each that may lose data is found', async () => {
    expect((await failures(aDefinition({ devices: DISKS }))).get('domain/storage/cache-unsafe')).toBe(MANY);
  });

  it('10,000 disks in one line', async () => {
    expect((await failures(aDefinition({ devices: DISKS.replaceAll('\n', ' ') }))).get('domain/storage/cache-unsafe')).toBe(MANY);
  });

  it('10,000 PCI devices of the host', async () => {
    const found = await failures(aDefinition({ devices: PCI, gpu: false }));
    expect(found.get('domain/pci/device-once')).toBeUndefined();
  });

  it('10,000 USB devices of the host', async () => {
    expect([...(await failures(aDefinition({ devices: USB }))).values()].every((count) => count < 10)).toBe(true);
  });

  it('10,000 network cards with one MAC address', async () => {
    expect((await failures(aDefinition({ devices: repeat(MANY, () => CARD) }))).get('domain/network/mac-unique')).toBeGreaterThan(0);
  });

  it('4,096 vCPUs, each with a CPU of its own', async () => {
    const found = await failures(pinned(String));
    expect(['domain/cpu/vcpupin-all', 'domain/cpu/vcpupin-unique', 'domain/cpu/vcpupin-single'].map((id) => found.get(id))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['0-4095', 'error', 'more than a million CPUs'],
    ['0-99999999', 'fail', ''],
    ['1', 'pass', ''],
  ])('4,096 vCPUs on the CPUs %s', async (cpuset, status, message) => {
    const { results } = await lint({ 'vm.xml': pinned(() => cpuset) });
    const [lists, ...others] = results.filter(({ id }) => id === 'domain/cpu/pin-lists');
    expect(lists?.status).toBe(status);
    expect(lists?.message ?? '').toContain(message);
    expect(others.length).toBeLessThan(CPUS);
  });

  it.each([
    ['100,000 comments', 100_000, (index: number) => `<!-- ${index} -->`],
    ['90,000 unknown elements', 90_000, (index: number) => `<unknown${index} some='thing'/>`],
  ])('%s', async (_, count, one) => {
    const few = await failures(aDefinition({ devices: one(0) }));
    expect([...(await failures(aDefinition({ devices: repeat(count, one) }))).keys()]).toEqual([...few.keys()]);
  });
});

const judge = async (text: string): Promise<Report['results']> => (await lint({ 'vm.xml': text })).results;

describe('--fix of a large definition comes to its end', () => {
  it('10,000 disks', async () => {
    const { text, fixed } = await fixText(aDefinition({ devices: `${DISKS}\n<memballoon model='virtio'/>` }), judge);
    expect(fixed.map(({ id }) => id)).toContain('domain/memory/balloon');
    expect(text.match(/<disk /g)).toHaveLength(MANY);
  });

  it('4,096 pinned vCPUs', async () => {
    const { text } = await fixText(pinned(String), judge);
    expect(text.match(/<vcpupin /g)).toHaveLength(CPUS);
  });
});

describe('what is larger is refused by a stated limit', () => {
  it.each([
    ['50 MB', aDefinition({ devices: DISKS }).padEnd(50 * 1024 * 1024), `larger than ${XML_LIMITS.characters} characters`],
    ['more elements', `<domain>${'<a/>'.repeat(XML_LIMITS.elements)}</domain>`, `more than ${XML_LIMITS.elements} elements`],
    ['10,000 nested elements', '<a>'.repeat(10_000), `nested deeper than ${XML_LIMITS.depth}`],
    ['more domains', `<domains>${aDefinition().repeat(300)}</domains>`, 'more than 200 domains in one text'],
  ])('%s', async (_, text, reason) => {
    const { verdict, results } = await lint({ 'vm.xml': text });
    expect(verdict).not.toBe('GO');
    expect(results.filter(({ status }) => status === 'error')).toMatchObject([
      { id: 'domain/schema/well-formed', message: expect.stringContaining(reason) },
    ]);
  });
});
