import { describe, expect, it } from 'vitest';

import { aDescribedCpu, aMachine, aVm } from '../../test/machines.ts';
import { CARD } from '../../test/pci-machines.ts';
import { aReport } from '../../test/report.ts';
import { aTopology } from '../../test/topologies.ts';
import { cpuMarkdown } from './cpu-markdown.ts';
import { cpuSection } from './html/cpu-section.ts';
import type { Machine, MachineVm } from './machine.ts';

const TWO_NODES = aDescribedCpu('AMD EPYC', aTopology([0, 1].map((node) => ({ cores: 4, threads: 1, package: node, node }))));

function machineWith(vm: MachineVm | null, numaNode: number | undefined, cpu = TWO_NODES): Machine {
  const machine = aMachine(cpu, vm === null ? [] : [{ ...vm, devices: [CARD.address] }]);
  const gpu = { ...CARD, kind: 'discrete', isPassedThrough: true, isLikely: false, isBootDisplay: false } as const;
  return { ...machine, inventory: { ...machine.inventory, gpus: [numaNode === undefined ? gpu : { ...gpu, numaNode }] } };
}

function page(machine: Machine): string {
  return cpuSection(aReport({ machine }))?.body.markup ?? '';
}

describe('the GPU in the CPU picture', () => {
  it('stands at the package of its NUMA node, and in the legend', () => {
    const markup = page(machineWith(aVm([[4], [5]]), 1));
    expect(markup).toContain('Package 1 · 4 cores · NUMA node 1<tspan class="cpu-gpu"> · GPU</tspan>');
    expect(markup).toContain('>Package 0 · 4 cores · NUMA node 0<');
    expect(markup).toContain('NUMA node that the GPU for the VM is attached to');
  });

  it('stands at its node where a package has several', () => {
    const cpu = aDescribedCpu('AMD EPYC', aTopology([0, 1].map((node) => ({ cores: 4, threads: 1, package: 0, node }))));
    expect(page(machineWith(aVm([[4]]), 1, cpu))).toMatch(/node 1<tspan class="cpu-gpu"> · GPU<\/tspan>/);
  });

  it('is told from whoever cannot see it, and vCPUs on another node are', () => {
    const far = machineWith(aVm([[0], [1], [4]]), 1);
    const sentence = `The GPU ${CARD.address} is on NUMA node 1, but vCPUs 0-1 run on node 0: the way to the GPU is longer.`;
    expect(page(far)).toContain(`<li class="cpu-odd">${sentence}</li>`);
    expect(cpuMarkdown(aReport({ machine: far })).join('\n')).toContain('vCPUs 0-1 run on node 0');
    expect(page(machineWith(aVm([[4], [5]]), 1))).toContain(`The GPU ${CARD.address} is on NUMA node 1, as are its vCPUs with pins.`);
    expect(page(machineWith(aVm([null]), 1))).toContain(`<li>The GPU ${CARD.address} is on NUMA node 1.</li>`);
  });

  it('is marked without a VM where it is meant to go to one', () => {
    expect(page(machineWith(null, 1))).toContain('<tspan class="cpu-gpu">');
  });

  it.each([
    ['nothing says where it is', machineWith(aVm([[0]]), undefined)],
    ['there is one node', machineWith(aVm([[0]]), 0, aDescribedCpu('x', aTopology([{ cores: 4, threads: 1 }])))],
  ])('is not marked where %s', (_, machine) => {
    expect(page(machine)).not.toMatch(/cpu-gpu|is on NUMA node/);
  });

  it('is marked where only the caches of a large machine are drawn', () => {
    const large = aDescribedCpu(
      'AMD EPYC',
      aTopology(Array.from({ length: 96 }, (_, id) => ({ cores: 16, package: id >> 5, node: id >> 5 }))),
    );
    const markup = page(machineWith(aVm([[0]]), 2, large));
    expect(markup).toContain('>GPU<');
    expect(page(machineWith(aVm([[0]]), undefined, large))).not.toContain('>GPU<');
  });
});
