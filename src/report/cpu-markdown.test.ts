import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aMachine, aVm, DESKTOP, RYZEN_X3D } from '../../test/machines.ts';
import { aReport } from '../../test/report.ts';
import { cpuMarkdown } from './cpu-markdown.ts';
import type { Machine } from './machine.ts';

function shown(machine: Machine): string {
  return cpuMarkdown(aReport({ machine })).join('\n');
}

describe('the CPU in Markdown', () => {
  it('has the caches, and for each VM where its threads run', () => {
    const vm = aVm([[2], [18], null], { emulator: [0, 99], iothreads: [{ id: 1, cpus: [0, 16] }] });
    expect(shown(aMachine(RYZEN_X3D, [vm]))).toMatchInlineSnapshot(`
      "
      ## CPU

      AMD Ryzen 9 7950X3D 16-Core Processor: 16 cores, 32 threads; L3 96 + 32 MiB; AMD-V

      | Cores that share a cache | L3 | Package | NUMA node | Cores | CPUs of each core |
      |---|---|---|---|---|---|
      | CCD 0 | L3 96 MiB (3D V-Cache) | 0 | 0 | 8 cores, 16 threads | 0+16, 1+17 … 7+23 |
      | CCD 1 | L3 32 MiB | 0 | 0 | 8 cores, 16 threads | 8+24, 9+25 … 15+31 |

      ### win11

      3 vCPUs · 16 GiB of memory · no PCI device passed through

      - vCPUs 0-1 are pinned to CPUs 2,18, each to a CPU of its own.
      - vCPU 2 has no pin: it runs on any CPU.
      - The emulator is pinned to CPUs 0,99.
      - I/O thread 1 is pinned to CPUs 0,16.
      - **CPU 99 does not exist; pinned to it: emulator.**

      | Thread | Host CPUs | Core (its CPUs) | L3 cache | NUMA node | Shares its core with |
      |---|---|---|---|---|---|
      | vCPU 0 | 2 | 2+18 | CCD 0 (large) | 0 | CPU 18: vCPU 1 |
      | vCPU 1 | 18 | 2+18 | CCD 0 (large) | 0 | CPU 2: vCPU 0 |
      | vCPU 2 | any |  |  |  |  |
      | Emulator | 0,99 | 0+16; CPU 99 does not exist | CCD 0 (large) | 0 | CPU 16: I/O thread 1 |
      | I/O thread 1 | 0,16 | 0+16 | CCD 0 (large) | 0 | nobody |"
    `);
  });

  it('has nothing where nothing was described', () => {
    expect(cpuMarkdown(aReport())).toEqual([]);
    expect(shown(aMachine(null))).toBe('');
  });

  it('says that the processor is not known, and keeps the pins', () => {
    const text = shown(aMachine(null, [aVm([[4]])]));
    expect(text).toContain('How the CPUs hang together could not be looked at.');
    expect(text).toContain('| vCPU 0 | 4 |\n');
  });

  it('has no table of a VM without a pin', () => {
    expect(shown(aMachine(DESKTOP, [aVm([null])]))).not.toContain('Host CPUs');
  });

  it('keeps a name in its line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const lines = cpuMarkdown(aReport({ machine: aMachine(DESKTOP, [aVm([[0]], { name })]) }));
        expect(lines.every((line) => !/[\r\n]/.test(line))).toBe(true);
        expect(lines.filter((line) => line.startsWith('#'))).toHaveLength(2);
      }),
    );
  });
});
