import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { anyRequest, aPinRequest, aTopology, desktop, HYBRID, X3D } from '../../test/topologies.ts';
import { parseXml } from '../domain/xml.ts';
import type { PinRequest } from '../pinning/model.ts';
import { pinResult, type PinResult } from '../pinning/result.ts';
import { renderPinsSvg } from './pins-svg.ts';
import { type PinsTerminalOptions, renderPinsTerminal } from './pins-terminal.ts';
import { textWidth } from './wrap.ts';

const HOSTILE = 'win<11>"&\'\u001b[31m\u202e';
const OPTIONS: PinsTerminalOptions = { colour: false, columns: 80, isApplied: false, kernelSteps: [] };

function resultOf(topology = X3D, given: Partial<PinRequest> = {}, domain: string | null = 'win11'): PinResult {
  return pinResult(aPinRequest(topology, { processor: 'AMD Ryzen 9 7950X3D 16-Core Processor', ...given }), { domain, notes: [] });
}

function shown(result: PinResult, options: Partial<PinsTerminalOptions> = {}): string {
  return renderPinsTerminal(result, { ...OPTIONS, ...options });
}

/** The picture: what is between the first cache and the legend. */
function pictureOf(text: string): string {
  return /^(?:L3 cache|CCD|CCX|package) \d+ ·[^]*?^ {2}v0.*$/m.exec(text)?.[0] ?? '';
}

/** Lines that are not to be copied, which are wrapped. */
function wrappedLines(text: string): string[] {
  return text.split('\n').filter((line) => !/systemctl|hooks\/qemu\.d|^ {4}\S+=/.test(line));
}

describe('a plan on the terminal', () => {
  it('is drawn: each core with its CPUs, and what they are for', () => {
    expect(pictureOf(shown(resultOf(X3D, { vcpus: 8 })))).toMatchInlineSnapshot(`
      "CCD 0 · L3 96 MiB · 8 cores · package 0 · node 0
        │  0  16│  1  17│  2  18│  3  19│  4  20│  5  21│  6  22│  7  23│
        │  ·   ·│  ·   ·│  E   E│  E   E│ v0  v1│ v2  v3│ v4  v5│ v6  v7│

      CCD 1 · L3 32 MiB · 8 cores · package 0 · node 0
        │  8  24│  9  25│ 10  26│ 11  27│ 12  28│ 13  29│ 14  30│ 15  31│
        │  ·   ·│  ·   ·│  ·   ·│  ·   ·│  ·   ·│  ·   ·│  ·   ·│  ·   ·│

        v0 vCPU 0   E emulator and I/O threads   · other work of the host"
    `);
    expect(pictureOf(shown(resultOf(HYBRID, { processor: null })))).toMatchInlineSnapshot(`
      "L3 cache 0 · L3 24 MiB · 14 cores · package 0 · node 0
        P (performance) cores
        │  0   1│  2   3│  4   5│  6   7│  8   9│ 10  11│
        │  E   E│ v0  v1│ v2  v3│ v4  v5│ v6  v7│ v8  v9│
        E (efficiency) cores
        │ 12│ 13│ 14│ 15│ 16│ 17│ 18│ 19│
        │  ·│  ·│  ·│  ·│  ·│  ·│  I│  I│

        v0 vCPU 0   E emulator   I I/O threads   · other work of the host"
    `);
  });

  it('marks what is left to other VMs', () => {
    const result = resultOf(desktop(4), { vcpus: 2, others: [{ domain: 'work', cpus: [3, 7], isFirm: true }] });
    expect(shown(result)).toContain('× avoided');
    expect(renderPinsSvg(result)).toContain('×: not for this VM');
  });

  it('shows what to write and to run, and the name of the VM in the hook', () => {
    const text = shown(resultOf());
    for (const part of ['PLAN  14 vCPUs for win11', "<vcpupin vcpu='0'", '[ "$1" = \'win11\' ]', 'nohz_full=1-7,17-23'])
      expect(text).toContain(part);
  });

  it('leaves out the XML that is written into a definition', () => {
    expect(shown(resultOf(), { isApplied: true })).not.toContain('<vcpupin');
  });

  it('leaves out what isolcpus does already', () => {
    const text = shown(resultOf(desktop(4), { isolated: [2, 3, 6, 7] }));
    expect(text).toContain('isolcpus does so already');
    expect(text).not.toContain('systemctl');
  });

  it('fits 80 columns, for 384 CPUs too, and has no control characters of a name', () => {
    const large = aTopology(Array.from({ length: 16 }, (_, index) => ({ cores: 12, node: index >> 3, package: index >> 3 })));
    for (const result of [resultOf(large, {}, HOSTILE), resultOf(desktop(12, 4)), resultOf(desktop(4), { vcpus: 100 }, HOSTILE)]) {
      const text = shown(result);
      expect(Math.max(...wrappedLines(text).map(textWidth))).toBeLessThanOrEqual(80);
      expect(['\u001b', '\u202e'].filter((character) => text.includes(character))).toEqual([]);
    }
  });

  it('says the same in colour', () => {
    const result = resultOf();
    // oxlint-disable-next-line no-control-regex
    expect(shown(result, { colour: true }).replaceAll(/\u001b\[\d+m/g, '')).toBe(shown(result));
  });

  it('says why there is none, and what would work', () => {
    expect(shown(resultOf(desktop(4), { vcpus: 8 }))).toMatch(
      /^NO PLAN {2}win11: 8 vCPUs do not fit: [^]*\n {2}Instead: --vcpus 4 fits\.\n/,
    );
  });
});

describe('no plan', () => {
  it('has a picture of what is there, in which nothing has been given to anybody', () => {
    const refused = resultOf(desktop(4), { vcpus: 8 });
    expect(shown(refused)).toContain('│0 4│1 5│2 6│3 7│\n');
    for (const text of [shown(refused), renderPinsSvg(refused)]) expect(text).not.toContain('work of the host');
  });
});

describe('a plan as SVG', () => {
  it('says which cores are performance and efficiency cores', () => {
    const svg = renderPinsSvg(resultOf(HYBRID, { processor: null }));
    for (const words of ['P core (performance)', 'E core (efficiency)']) expect(svg).toContain(words);
    expect(renderPinsSvg(resultOf())).not.toContain('E core');
  });

  it('says that it is a proposal, and gives the words of its legend their room', () => {
    const svg = renderPinsSvg(resultOf());
    expect(svg).toContain('<title>Proposed: 14 vCPUs for win11</title>');
    const places = [...svg.matchAll(/<rect x="(\d+)" y="(\d+)" width="16"[^>]*>\n<text x="(\d+)" y="\d+">([^<]*)</g)];
    const ends = places.map(([, x, y, from, words = '']) => ({ x: Number(x), y, end: Number(from) + 7.6 * words.length }));
    expect(ends.length).toBeGreaterThan(2);
    for (const [index, { y, end }] of ends.entries()) {
      const next = ends[index + 1];
      expect(next === undefined || next.y !== y || next.x > end).toBe(true);
    }
  });

  it('is well-formed whatever the names hold, and needs nothing from elsewhere', () => {
    for (const result of [resultOf(X3D, { processor: HOSTILE }, HOSTILE), resultOf(desktop(2), { vcpus: 9 })]) {
      const svg = renderPinsSvg(result);
      expect(parseXml(svg).name).toBe('svg');
      expect(svg.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<script|href/);
      expect(svg).not.toContain('\u001b');
    }
  });

  it('has a box for each CPU, inside the picture', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const svg = renderPinsSvg(pinResult(request, { domain: null, notes: [] }));
        const boxes = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="44"/g)];
        const [, height = '0'] = /viewBox="0 0 960 (\d+)"/.exec(svg) ?? [];
        expect(boxes.length).toBeGreaterThanOrEqual(request.topology.online.length);
        expect(boxes.every(([, x, y]) => Number(x) + 44 <= 960 && Number(y) + 38 <= Number(height))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
