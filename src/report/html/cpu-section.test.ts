import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDescribedCpu, aMachine, aVm, CORE_I9, DESKTOP, EPYC, RYZEN_X3D, THREADRIPPER } from '../../../test/machines.ts';
import { aReport } from '../../../test/report.ts';
import { aTopology } from '../../../test/topologies.ts';
import { DEFAULT_CONFIG } from '../../config/defaults.ts';
import { parseXml } from '../../domain/xml.ts';
import { createFactStore } from '../../engine/fact-store.ts';
import { openHost } from '../../host/open.ts';
import { collectMachine } from '../../inventory/machine.ts';
import type { InventoryCpu } from '../../inventory/model.ts';
import type { Machine, MachineVm } from '../machine.ts';
import { cpuSection } from './cpu-section.ts';

function shown(machine: Machine): string {
  return cpuSection(aReport({ machine }))?.body.markup ?? '';
}

function drawn(cpu: InventoryCpu, ...vms: MachineVm[]): string {
  return shown(aMachine(cpu, vms));
}

/** Each vCPU on one CPU. */
function each(...cpus: number[]): number[][] {
  return cpus.map((cpu) => [cpu]);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** A machine with a package for each CPU, as virtual ones have. */
function sockets(count: number): string {
  return drawn(aDescribedCpu('QEMU', aTopology(range(1, count).map((id) => ({ cores: 1, threads: 1, package: id })))));
}

function core(...cpus: number[]): { readonly kind: null; readonly cpus: number[] } {
  return { kind: null, cpus };
}

interface Box {
  readonly look: string;
  readonly lines: readonly string[];
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}

const BOX =
  /<rect class="cpu-thread is-([a-z]+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="(\d+)" rx="\d+"\/>((?:<text[^>]*>[^<]*<\/text>)*)/g;

/** The boxes of CPUs in the pictures, by number, as `look: mark mark`. */
function boxes(markup: string): Box[] {
  const pictures = markup.replaceAll(/<figcaption>[^]*?<\/figcaption>/g, '');
  return [...pictures.matchAll(BOX)].map(([, look = '', x, y, width, height, texts = '']) => ({
    look,
    lines: [...texts.matchAll(/>([^<]*)<\/text>/g)].map(([, line = '']) => line),
    left: Number(x),
    right: Number(x) + Number(width),
    bottom: Number(y) + Number(height),
  }));
}

function marks(markup: string): Record<string, string> {
  return Object.fromEntries(boxes(markup).map(({ look, lines: [cpu = '', ...lines] }) => [cpu, [look, ...lines].join(' ')]));
}

function facts(markup: string): string[] {
  return [...markup.matchAll(/<li(?: class="cpu-odd")?>([^<]*)<\/li>/g)].map(([, text = '']) => text);
}

/** The cells of a table's rows, as text. */
function rows(markup: string, table: string): string[][] {
  const [, body = ''] =
    new RegExp(`<table[^>]*(?:aria-label="${table}"|><caption>${table}</caption>)[^]*?<tbody>([^]*?)</tbody>`).exec(
      markup.replaceAll('>\n', '>'),
    ) ?? [];
  return [...body.matchAll(/<tr>([^]*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>([^]*?)<\/t[hd]>/g)].map(([, cell = '']) => cell.replaceAll(/<[^>]*>/g, '')),
  );
}

describe('the CPU picture', () => {
  it('says who of a VM has which CPU, siblings side by side', () => {
    const vm = aVm(each(2, 18, 3, 19), { emulator: [0, 16], iothreads: [{ id: 1, cpus: [1, 16] }] });
    const markup = drawn(RYZEN_X3D, vm);
    const found = marks(markup);
    expect(found).toMatchObject({
      2: 'vcpu v0',
      18: 'vcpu v1',
      3: 'vcpu v2',
      19: 'vcpu v3',
      0: 'emulator E',
      16: 'emulator E I1',
      1: 'iothread I1',
      17: 'host',
    });
    expect(
      boxes(markup)
        .map(({ lines: [cpu] }) => cpu)
        .slice(0, 4),
    ).toEqual(['0', '16', '1', '17']);
  });

  it('marks the large cache of an X3D processor in the picture, the legend and the table', () => {
    const markup = drawn(RYZEN_X3D);
    expect(markup.match(/class="cpu-cell is-large"/g)).toHaveLength(2);
    expect(markup).toContain('>CCD 0 · L3 96 MiB · 3D V-Cache<');
    expect(markup).toContain('cores with the large cache (3D V-Cache)');
    expect(rows(markup, 'Caches and cores')).toEqual([
      ['CCD 0', 'L3 96 MiB (3D V-Cache)', '0', '0', '8 cores, 16 threads', '0+16, 1+17 … 7+23'],
      ['CCD 1', 'L3 32 MiB', '0', '0', '8 cores, 16 threads', '8+24, 9+25 … 15+31'],
    ]);
    expect(drawn(EPYC)).not.toContain('is-large');
  });

  it('marks the one cache of a processor that is X3D by name', () => {
    expect(drawn(aDescribedCpu('AMD Ryzen 7 5800X3D 8-Core Processor', aTopology([{ cores: 8, sizeKiB: 98_304 }])))).toContain(
      '3D V-Cache',
    );
  });

  it('tells performance and efficiency cores apart by title, shape and legend', () => {
    const markup = drawn(CORE_I9, aVm(each(0, 16)));
    for (const words of ['>P: 8 performance cores<', '>E: 16 efficiency cores<', 'efficiency core (E)']) expect(markup).toContain(words);
    expect(markup.match(/<rect class="cpu-core is-efficiency"/g)).toHaveLength(17);
    expect(rows(markup, 'Threads of win11').map((row) => row[2])).toEqual(['0+1 P', '16 E', '']);
  });

  it('frames packages, and names NUMA nodes where they differ', () => {
    const markup = drawn(EPYC);
    expect(markup).toContain('>Package 0 · 64 cores, 128 threads · NUMA node 0<');
    expect(markup).toContain('>Package 1 · 64 cores, 128 threads · NUMA node 1<');
    expect(drawn(THREADRIPPER)).toContain('>CCX 7 · L3 8 MiB · node 3<');
  });

  it.each([
    ['4 cores', DESKTOP, 8],
    ['16 cores in 2 dies', RYZEN_X3D, 32],
    ['8 and 16 cores', CORE_I9, 32],
    ['2 sockets with 64 cores each', EPYC, 256],
  ])('has a box for each CPU of %s, within the width of a page', (_name, cpu, threads) => {
    const markup = drawn(cpu, aVm([[0]]));
    const [, width = '0', height = '0'] = /viewBox="0 0 (\d+) (\d+)" width=/.exec(markup) ?? [];
    const found = boxes(markup).filter(({ lines }) => /^\d+$/.test(lines[0] ?? ''));
    expect(found).toHaveLength(threads);
    expect(Number(width)).toBeLessThanOrEqual(760);
    expect(found.every(({ right, bottom }) => right <= Number(width) && bottom <= Number(height))).toBe(true);
  });

  it('is drawn without a VM, or when no VM has a pin', () => {
    expect(Object.values(marks(drawn(DESKTOP)))).toEqual(Array.from({ length: 8 }, () => 'host'));
    const markup = drawn(DESKTOP, aVm([null, null]));
    expect(markup.match(/<svg class="cpu-picture"/g)).toHaveLength(1);
    expect(facts(markup)).toEqual(['vCPUs 0-1 have no pin: they run on any CPU.', 'The emulator has no pin: it runs on any CPU.']);
  });

  it('has ids of its own, a title and a description for each VM', () => {
    const markup = drawn(RYZEN_X3D, aVm(each(0, 1)), aVm(each(8), { name: 'mail' }));
    const ids = [...markup.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(['cpu-1-title', 'cpu-1-desc', 'cpu-2-title', 'cpu-2-desc']);
    expect(markup).toContain('aria-labelledby="cpu-2-title" aria-describedby="cpu-2-desc"');
    expect(markup).toContain('<title id="cpu-2-title">As defined: where mail runs on gaia</title>');
    expect(markup).toContain('vCPU 0 is pinned to CPU 8.');
  });
});

describe('pins in the CPU picture', () => {
  it('of several CPUs carry a sign, and the table says which', () => {
    const markup = drawn(
      DESKTOP,
      aVm([
        [1, 5],
        [1, 5],
      ]),
    );
    expect(marks(markup)).toMatchObject({ 1: 'shared ~v0-1', 5: 'shared ~v0-1', 2: 'host' });
    expect(rows(markup, 'Threads of win11')[0]).toEqual(['vCPUs 0-1', '1,5', '1+5', 'L3 cache 0', '0', 'nobody']);
  });

  it('of more vCPUs than CPUs carry another', () => {
    const markup = drawn(DESKTOP, aVm([[1], [1], [2, 3], [2, 3], [2, 3]]));
    expect(marks(markup)).toMatchObject({ 1: 'crowded !v0-1', 2: 'crowded !v2-4' });
    expect(facts(markup)).toContain('vCPUs 0-1 share CPU 1: they wait for each other.');
    expect(facts(markup)).toContain('vCPUs 2-4 share CPUs 2-3: they wait for each other.');
  });

  it('to a CPU that is off or does not exist do not vanish', () => {
    const cpu = aDescribedCpu('Intel(R) Core(TM) i7-6700', aTopology([{ cores: 4 }], 'after', [5]));
    const markup = drawn(cpu, aVm([[5], [99], [0, 99]]));
    expect(marks(markup)).toMatchObject({ 5: 'off v0 off', 99: 'absent ~v1-2', 0: 'shared ~v2' });
    expect(facts(markup)).toEqual([
      'vCPUs 0-2 are pinned to CPUs 0,5,99.',
      'The emulator has no pin: it runs on any CPU.',
      'CPU 5 is switched off; pinned to it: vCPU 0.',
      'CPU 99 does not exist; pinned to it: vCPUs 1-2.',
    ]);
    expect(rows(markup, 'Threads of win11')).toEqual([
      ['vCPU 0', '5', 'CPU 5 is switched off'],
      ['vCPU 1', '99', 'CPU 99 does not exist'],
      ['vCPU 2', '0,99', '0+4; CPU 99 does not exist', 'L3 cache 0', '0', 'CPU 4: not this VM'],
      ['Emulator', 'any', ''],
    ]);
  });

  it('of vCPUs beside the emulator show both', () => {
    const markup = drawn(DESKTOP, aVm(each(0, 4), { emulator: [0], iothreads: [{ id: 1, cpus: [4] }] }));
    expect(marks(markup)).toMatchObject({ 0: 'vcpu v0 E', 4: 'vcpu v1 I1' });
    expect(facts(markup)).toContain('CPUs 0,4 are for vCPUs and for the emulator or I/O threads.');
    expect(markup).toContain('QEMU’s own threads (the emulator)');
  });

  it('of another VM are marked with its number', () => {
    const markup = drawn(DESKTOP, aVm(each(0)), aVm(each(0, 1), { name: 'mail' }));
    const first = markup.slice(0, markup.indexOf('#2 mail</h3>'));
    expect(marks(first)).toMatchObject({ 0: 'vcpu v0 #2', 1: 'other #2' });
    expect(first).toContain('mail has a vCPU pinned here');
    expect(marks(markup.slice(first.length))).toMatchObject({ 0: 'vcpu v0 #1', 1: 'vcpu v1' });
  });

  it('that are no lists of CPUs are told as such, not as any CPU', () => {
    const unread = [
      { thread: 'vCPU' as const, id: 1, text: 'x-9' },
      { thread: 'emulator' as const, id: null, text: '' },
    ];
    const markup = drawn(DESKTOP, aVm([[0], null], { unread }));
    expect(facts(markup)).toEqual([
      'vCPU 0 is pinned to CPU 0.',
      'The pin of vCPU 1, “x-9”, is no list of CPUs: nothing is known of where it runs.',
      'The pin of the emulator, “”, is no list of CPUs: nothing is known of where it runs.',
    ]);
    expect(rows(markup, 'Threads of win11').slice(1)).toEqual([
      ['vCPU 1', 'not known: no list of CPUs', ''],
      ['Emulator', 'not known: no list of CPUs', ''],
    ]);
  });

  it('are numad’s where libvirt asks it', () => {
    expect(facts(drawn(DESKTOP, aVm([null], { auto: true })))[0]).toBe('vCPU 0 has no pin: libvirt asks numad for CPUs at each start.');
  });

  it('stand in a table without a host, which says that none was looked at', () => {
    const markup = shown(aMachine(null, [aVm(each(4, 5))]));
    expect(markup).not.toContain('<svg');
    expect(rows(markup, 'Threads of win11')).toEqual([
      ['vCPU 0', '4'],
      ['vCPU 1', '5'],
      ['Emulator', 'any'],
    ]);
    expect(markup).toContain('The CPU could not be looked at. So it is not known what these CPUs are.');
  });
});

describe('the CPU section', () => {
  it('is left out where there is nothing to show', () => {
    expect(cpuSection(aReport())).toBeNull();
    expect(cpuSection(aReport({ machine: aMachine(null) }))).toBeNull();
  });

  it('says why cores and caches could not be looked at', () => {
    const hidden = [{ part: 'cores and caches', source: '/sys/devices/system/cpu/online', reason: 'permission denied', hint: null }];
    const markup = shown(aMachine({ ...DESKTOP, cells: null }, [], { hidden }));
    expect(markup).toContain('/sys/devices/system/cpu/online: permission denied');
    expect(markup).not.toContain('<svg');
  });

  it('draws the first VMs of many, and has all in tables', () => {
    const vms = range(0, 39).map((number) => aVm(each(number % 8), { name: `vm${number}` }));
    const markup = drawn(DESKTOP, ...vms);
    expect(markup.match(/<svg class="cpu-picture"/g)).toHaveLength(4);
    expect(markup.match(/<caption>/g)).toHaveLength(32);
    expect(markup).toContain('8 more VMs');
  });

  it('draws the caches alone of 4,096 CPUs, and says so', () => {
    const cpu = aDescribedCpu('AMD EPYC', aTopology(Array.from({ length: 256 }, (_, die) => ({ cores: 8, package: die >> 6 }))));
    const markup = drawn(cpu, aVm(each(...range(0, 4095))));
    expect(markup).toContain('4096 CPUs in 256 caches are too many to draw each');
    expect(markup).toContain('The picture has the first 96 of 256 caches.');
    expect(markup).toContain('>vCPUs 0-7,2048-2055<');
    expect(markup.length).toBeLessThan(150_000);
  });

  it('draws the caches alone of a machine that has a package for each CPU', () => {
    expect(boxes(sockets(64)).filter(({ lines }) => lines.length === 1)).toHaveLength(64);
    expect(sockets(65)).toContain('65 CPUs in 65 caches are too many to draw each');
  });

  it('leaves out numbers that no CPU has, and CPUs that stand twice, and says so', () => {
    const cells = [
      { name: 'L3 cache 0', cacheKiB: -5, packageId: -1, node: 1e9, cores: [core(0, -3, 1e9), core(), core(0, 0.5)] },
      { name: 'L3 cache 1', cacheKiB: null, packageId: 0, node: null, cores: [] },
    ];
    const markup = drawn({ ...DESKTOP, cells, offline: [0, 7, 7, -1] }, aVm([[-4], [1e9], [0]]));
    expect(marks(markup)).toMatchObject({ 0: 'vcpu v2', 7: 'off off' });
    expect(markup).toContain('names 4 CPUs by numbers that no CPU has');
    expect(markup).toContain('has CPUs 0,7 more than once');
    expect(facts(markup)).toContain('2 numbers in the pins can be of no CPU.');
  });

  it('keeps a core with a thousand threads inside the page', () => {
    const cells = [{ name: 'L3 cache 0', cacheKiB: 1, packageId: 0, node: 0, cores: [{ kind: null, cpus: range(0, 999) }] }];
    expect(Math.max(...boxes(drawn({ ...DESKTOP, cells })).map(({ right }) => right))).toBeLessThanOrEqual(760);
  });

  it('is well-formed and bounded whatever a stored report holds', () => {
    const number = fc.oneof(fc.integer({ min: -2, max: 12 }), fc.constantFrom(-1e300, 1e9, 0.5, 16_383, 16_384));
    const text = fc.oneof(
      fc.constantFrom('</svg><script>alert(1)</script>', '"\'&\u202e', 'x'.repeat(10_000), 'package 0', 'L3 cache 1'),
      fc.string(),
    );
    const cell = fc.record({
      name: text,
      cacheKiB: fc.option(number),
      packageId: number,
      node: fc.option(number),
      cores: fc.array(fc.record({ kind: fc.constantFrom('performance' as const, 'efficiency' as const, null), cpus: fc.array(number) })),
    });
    const place = fc.record({ id: number, cpus: fc.option(fc.array(number)) });
    const vm = fc.record({
      name: text,
      vcpus: number,
      memoryKiB: fc.option(number),
      pins: fc.record({ vcpus: fc.array(place), emulator: fc.option(fc.array(number)), iothreads: fc.array(place) }),
      devices: fc.array(text),
    });
    const cpu = fc.record({ model: fc.option(text), cells: fc.option(fc.array(cell)), offline: fc.array(number) });
    fc.assert(
      fc.property(fc.option(cpu), fc.array(vm, { maxLength: 6 }), text, (given, vms, host) => {
        const machine = aMachine(given === null ? null : { ...DESKTOP, ...given }, vms, { host });
        const markup = shown(machine);
        expect(parseXml(`<section>${markup}</section>`).name).toBe('section');
        expect(markup).not.toMatch(/<script|NaN|undefined|Infinity|style=/);
        expect(markup.length).toBeLessThan(300_000);
        const ids = [...markup.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});

const corpus = join(process.env['PASSCHECK_CORPUS'] ?? '/nonexistent', 'hwloc');

describe.skipIf(!existsSync(corpus))('real machines (PASSCHECK_CORPUS)', () => {
  it.each(existsSync(corpus) ? readdirSync(corpus) : [])('%s has a box for each CPU, within the width of a page', async (name) => {
    const { host } = await openHost(join(corpus, name));
    const store = createFactStore({ host, context: { config: DEFAULT_CONFIG }, now: () => 0 });
    const machine = await collectMachine(store, { version: '0.1.0', takenAt: null, isRecorded: true });
    const { threads, offline = [] } = machine.inventory.cpu ?? { threads: null };
    const found = boxes(shown(machine));
    expect(found).toHaveLength((threads ?? 0) + offline.length);
    expect(found.length).toBeGreaterThan(4);
    expect(Math.max(...found.map(({ right }) => right))).toBeLessThanOrEqual(760);
  });
});
