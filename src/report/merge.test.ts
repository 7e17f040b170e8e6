import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDescribedCpu, aMachine, aVm } from '../../test/machines.ts';
import { EVERY_STATE } from '../../test/phase.ts';
import { exampleMeasurements } from '../../test/recorded.ts';
import { aReport, aResult, hostileReport, NO_GO_REPORT } from '../../test/report.ts';
import { desktop } from '../../test/topologies.ts';
import type { InventoryGpu } from '../inventory/model.ts';
import { UsageError } from '../usage-error.ts';
import { renderHtml } from './html/html-report.ts';
import { mergeReports } from './merge.ts';
import type { Machine, MachinePassthrough } from './machine.ts';
import { type Report, reportSchema } from './model.ts';
import { partsWords } from './parts.ts';

const PREFLIGHT = aReport({ results: [aResult()], startedAt: '2026-11-20T09:00:00.000Z' });

function withPassed(device: string, others: MachinePassthrough['others']): Machine {
  return { ...aMachine(null), passthrough: { devices: [device], groups: ['1'], others } };
}

function lintOf(subject: string, given: Partial<Report> = {}): Report {
  return aReport({
    suite: 'domain',
    subject: { host: 'gaia', domain: subject },
    results: [aResult({ id: 'domain/cpu/mode', subject })],
    startedAt: '2026-11-20T08:00:00.000Z',
    ...given,
  });
}

function aCard(address: string): InventoryGpu {
  const names = { id: '10de:2684', name: 'GPU', className: 'VGA compatible controller', classCode: '030000', subsystem: null };
  const state = {
    driver: null,
    iommuGroup: null,
    upstream: [],
    kind: 'discrete',
    isPassedThrough: true,
    isLikely: false,
    isBootDisplay: false,
  } as const;
  return { address, ...names, ...state };
}

function withVms(...names: readonly string[]): Machine {
  return { ...aMachine(null), vms: names.map((name) => aVm([[1]], { name })) };
}

function withKernel(value: string): Machine {
  const environment = [
    { name: 'Kernel', value, source: '/proc' },
    { name: 'QEMU', value: '9.2', source: 'qemu' },
  ];
  return { ...aMachine(null), environment };
}

describe('reports of one host become one', () => {
  it('with the results side by side and the worst verdict', () => {
    const merged = mergeReports([NO_GO_REPORT, lintOf('win11')]);
    expect(merged).toMatchObject({
      suite: 'preflight + domain',
      verdict: 'NO-GO',
      subject: { host: 'gaia', domain: 'win11', summary: NO_GO_REPORT.subject.summary },
      startedAt: '2026-11-20T08:00:00.000Z',
      durationMs: 168,
    });
    expect(merged.results).toHaveLength(NO_GO_REPORT.results.length + 1);
    expect(merged.counts.pass).toBe(NO_GO_REPORT.counts.pass + 1);
    expect(merged.results.map(({ id }) => id)).toEqual(merged.results.map(({ id }) => id).toSorted());
  });

  it('whatever the order in which they are named', () => {
    const one = mergeReports([PREFLIGHT, lintOf('win11')]);
    const other = mergeReports([lintOf('win11'), PREFLIGHT]);
    expect({ ...other, suite: one.suite }).toEqual(one);
  });

  it('also of several definitions', () => {
    const merged = mergeReports([lintOf('DC01'), { ...lintOf('SCCM01'), verdict: 'INCONCLUSIVE' }]);
    expect(merged).toMatchObject({ suite: 'domain', verdict: 'INCONCLUSIVE', subject: { host: 'gaia', domain: null } });
  });

  it('but for a definition that was judged without it: what it asks of the host was not looked at', () => {
    const alone: Report = { ...lintOf('win11.xml'), subject: { host: null, domain: 'win11.xml' } };
    expect(() => mergeReports([PREFLIGHT, alone])).toThrow(
      'win11.xml was judged without a host: lint it anew with --host, or with --from the recorded one',
    );
    const other: Report = { ...lintOf('dc01.xml'), subject: { host: null, domain: 'dc01.xml' } };
    expect(mergeReports([alone, other]).subject.host).toBeNull();
  });

  it('with all that was measured, and every VM of the machine once', () => {
    const measurements = exampleMeasurements();
    const merged = mergeReports([
      { ...PREFLIGHT, machine: withVms('win11', 'linux') },
      { ...lintOf('win11'), machine: withVms('win11'), measurements },
    ]);
    expect(merged.machine?.vms.map(({ name }) => name)).toEqual(['linux', 'win11']);
    expect(merged.measurements).toEqual(measurements);
  });

  it('with every value that the environment had', () => {
    const merged = mergeReports([
      { ...PREFLIGHT, machine: withKernel('6.12') },
      { ...lintOf('win11'), machine: withKernel('6.11') },
    ]);
    expect(merged.machine?.environment.map(({ name, value }) => `${name} ${value}`)).toEqual(['Kernel 6.11', 'Kernel 6.12', 'QEMU 9.2']);
  });

  it('with what goes to any of the VMs', () => {
    const member = { group: '1', name: '0000:01:00.1', driver: null, mayStay: null };
    const intruder = { group: '1', name: '0000:02:00.0', driver: 'nvme', mayStay: false };
    const merged = mergeReports([
      { ...PREFLIGHT, machine: withPassed('0000:01:00.0', [member]) },
      { ...lintOf('win11'), machine: withPassed('0000:01:00.1', []) },
    ]);
    expect(merged.machine?.passthrough).toEqual({ devices: ['0000:01:00.0', '0000:01:00.1'], groups: ['1'], others: [] });
    const inTheWay = mergeReports([
      { ...PREFLIGHT, machine: withPassed('0000:01:00.0', [intruder]) },
      { ...lintOf('win11'), machine: withPassed(intruder.name, [{ ...intruder, mayStay: true }]) },
    ]);
    expect(inTheWay.machine?.passthrough?.others).toEqual([intruder]);
  });

  it('with the verdict of the checks: a phase was judged by one report alone', () => {
    const judged = { ...PREFLIGHT, verdict: 'NO-GO' as const, phase: EVERY_STATE };
    const merged = mergeReports([judged, lintOf('win11')]);
    expect(merged.verdict).toBe('GO');
    expect(merged.phase).toBeUndefined();
  });

  it('with what it has to be said that they are: recorded, strict, of some checks, with a notice', () => {
    const merged = mergeReports([
      { ...PREFLIGHT, strict: true, recorded: true, selection: { checks: 1, of: 55 }, notice: 'Example' },
      lintOf('win11', { strict: true, severities: { 'domain/cpu/mode': 'info' }, notice: 'Example' }),
    ]);
    expect(merged).toMatchObject({
      strict: true,
      recorded: true,
      selection: { checks: 2, of: 56 },
      severities: { 'domain/cpu/mode': 'info' },
      notice: 'Example',
    });
  });

  it('and one of its own stays as it is', () => {
    const judged = { ...PREFLIGHT, verdict: 'NO-GO' as const, phase: EVERY_STATE };
    expect(mergeReports([judged])).toBe(judged);
  });
});

it('reports that were put together name each, with its time, and whether it was recorded', () => {
  const merged = mergeReports([{ ...PREFLIGHT, recorded: true }, lintOf('win11')]);
  const parts = [
    { suite: 'domain', domain: 'win11', startedAt: '2026-11-20T08:00:00.000Z' },
    { suite: 'preflight', domain: null, startedAt: '2026-11-20T09:00:00.000Z', recorded: true },
  ];
  expect(merged.parts).toEqual(parts);
  const words =
    'Put together from 2 reports: lint win11 (2026-11-20 08:00 UTC), preflight (2026-11-20 09:00 UTC, recorded). What changed in between, no check saw.';
  expect(partsWords(merged)).toEqual([words]);
  expect(mergeReports([merged, lintOf('web')]).parts).toHaveLength(3);
  expect(renderHtml(merged)).toContain(words);
  expect(renderHtml(merged)).not.toContain('The host was judged from a recording');
});

it('reports of two definitions become one, though both leave out the same rule', () => {
  const left = aResult({ id: 'domain/cpu/model', status: 'skipped', message: 'left out on request' });
  const [one, other] = ['win11', 'web'].map((name) => lintOf(name, { results: [aResult({ id: 'domain/cpu/mode', subject: name }), left] }));
  if (one === undefined || other === undefined) throw new Error('there are two');
  expect(mergeReports([one, other]).counts).toMatchObject({ pass: 2, skipped: 2 });
  expect(() => mergeReports([one, one])).toThrow('a run of domain on win11');
});

describe('reports are refused', () => {
  it.each([
    [
      'that are about two hosts',
      [PREFLIGHT, lintOf('win11', { subject: { host: 'luna', domain: 'win11' } })],
      'the reports are about two hosts, gaia and luna: put those of one together',
    ],
    [
      'that are about two machines of one name',
      [
        { ...PREFLIGHT, machine: aMachine(aDescribedCpu('Ryzen 9 7950X3D', desktop(8))) },
        lintOf('win11', { machine: aMachine(aDescribedCpu('Core i5-6600K', desktop(4))) }),
      ],
      'the reports are about two machines, or one that was changed in between (processor: Ryzen 9 7950X3D, and Core i5-6600K): judge one anew',
    ],
    [
      'of before and after the graphics card was moved',
      [
        { ...PREFLIGHT, machine: aMachine(null, [], { gpus: [aCard('0000:01:00.0')] }) },
        lintOf('win11', { machine: aMachine(null, [], { gpus: [aCard('0000:02:00.0')] }) }),
      ],
      'the reports are about two machines, or one that was changed in between (graphics cards: 0000:01:00.0 [10de:2684], and 0000:02:00.0 [10de:2684]): judge one anew',
    ],
    ['of two runs on the host', [PREFLIGHT, PREFLIGHT], 'two of the reports have a run of preflight: leave one out'],
    [
      'of two runs with different checks on the host',
      [PREFLIGHT, aReport({ results: [aResult({ id: 'preflight/kvm/device', subject: 'x' })] })],
      'two of the reports have a run of preflight: leave one out',
    ],
    [
      'of two runs on one definition',
      [lintOf('win11'), PREFLIGHT, lintOf('win11')],
      'two of the reports have a run of domain on win11: leave one out',
    ],
    [
      'that both measured the same',
      [
        { ...PREFLIGHT, measurements: exampleMeasurements() },
        { ...lintOf('win11'), measurements: exampleMeasurements() },
      ],
      'two of the reports have a measurement latency/delivery of win11: leave one out',
    ],
    [
      'that were judged differently',
      [{ ...PREFLIGHT, strict: true }, lintOf('win11')],
      'one report was made with --strict and another one without: make both the same way',
    ],
    ['that are none', [], 'there is no report to put together'],
  ])('%s', (_, reports: readonly Report[], message) => {
    expect(() => mergeReports(reports)).toThrow(new UsageError(message));
  });
});

function mergedOrRefused(reports: readonly Report[]): Report | null {
  try {
    return mergeReports(reports);
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

it('hostile reports become one that can be stored, or are refused in one line', () => {
  fc.assert(
    fc.property(fc.array(hostileReport, { maxLength: 3 }), (reports) => {
      const merged = mergedOrRefused(reports);
      const expected = reports.reduce((sum, { results }) => sum + results.length, 0);
      expect(merged === null || reportSchema.parse(merged).results.length === expected).toBe(true);
    }),
  );
});
