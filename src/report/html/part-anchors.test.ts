import { describe, expect, it } from 'vitest';

import { madeUp } from '../../../test/measurements.ts';
import { aPciMachine } from '../../../test/pci-machines.ts';
import { aReport } from '../../../test/report.ts';
import type { Machine } from '../machine.ts';
import type { Report } from '../model.ts';
import { renderHtml } from './html-report.ts';

const CONDITIONS = ['hardware-listed', 'iommu-groups-listed', 'gpu-on-vfio-pci', 'ordinary-user', 'of a later version'];

/** A report with a phase that each part of the machine and each measurement decides. */
function decided(machine: Machine): Report {
  const measurements = madeUp('latency');
  const by = [
    ...CONDITIONS.map((name) => `machine/${name}`),
    ...machine.environment.map(({ name }) => `environment/${name}`),
    'environment/not there',
    ...measurements.map(({ id }) => id),
  ];
  const criteria = by.map((one, index) => ({
    id: `c${index}`,
    group: 'g',
    text: 't',
    state: 'met' as const,
    by: [one],
    message: 'm',
    next: null,
  }));
  return aReport({
    machine,
    measurements,
    phase: { id: 'p', title: 'p', source: 's', verdict: 'GO', criteria, documents: [] },
  });
}

const ENVIRONMENT = [
  { name: 'QEMU', value: '7.2', source: 'x' },
  { name: 'User', value: 'anna', source: 'x' },
];

function linksOf(page: string): string[] {
  return [...page.matchAll(/Decided by <a href="#([^"]*)"/g)].map(([, anchor = '']) => anchor);
}

describe('what decided a criterion', () => {
  it('is one place of the page, which is there', () => {
    const full = aPciMachine();
    const page = renderHtml(decided({ ...full, environment: ENVIRONMENT }));
    expect(linksOf(page)).toEqual([
      'inventory-parts',
      'pci-functions',
      'inventory-graphics',
      'environment-2',
      'inventory-parts',
      'environment-1',
      'environment-2',
      'environment',
      'measurement-1',
      'measurement-2',
      'measurement-3',
    ]);
    for (const anchor of linksOf(page)) expect(page.split(`id="${anchor}"`)).toHaveLength(2);
  });

  it('is there, too, where parts could not be looked at', () => {
    const { inventory, ...rest } = aPciMachine();
    for (const pciDevices of [null, []]) {
      const page = renderHtml(decided({ ...rest, environment: [], inventory: { ...inventory, gpus: pciDevices, pciDevices } }));
      for (const anchor of linksOf(page)) expect(page.split(`id="${anchor}"`)).toHaveLength(2);
    }
  });
});
