import { describe, expect, it } from 'vitest';

import { exampleMeasurements } from '../../test/recorded.ts';
import { aDescribedCpu, aMachine, anInventory, aVm } from '../../test/machines.ts';
import { aReport, aResult } from '../../test/report.ts';
import { EVERY_STATE } from '../../test/phase.ts';
import { desktop } from '../../test/topologies.ts';
import type { Inventory } from '../inventory/model.ts';
import type { Machine } from '../report/machine.ts';
import type { Measurement } from '../report/measurement.ts';
import { type Report, reportSchema } from '../report/model.ts';
import type { JudgedCriterion } from '../report/phase-model.ts';
import { judgePhase } from './judge.ts';
import type { Criterion, Phase } from './model.ts';

const ENABLED = 'preflight/iommu/enabled';
const PINS = 'domain/cpu/vcpupin-all';
const UNIQUE = 'domain/cpu/vcpupin-unique';
const CHECKS = [PINS, UNIQUE, 'preflight/iommu/command-line', ENABLED];

function aPhase(...criteria: readonly Omit<Criterion, 'id' | 'group' | 'text'>[]): Phase {
  const named = criteria.map((criterion, index) => ({ id: `c${index}`, group: 'G', text: 'T', ...criterion }));
  return { id: 'p', title: 'P', source: 'S', documents: [], criteria: named };
}

/** The one criterion, judged. */
function judged(criterion: Omit<Criterion, 'id' | 'group' | 'text'>, report: Report): JudgedCriterion | undefined {
  return judgePhase(aPhase(criterion), report, CHECKS).phase?.criteria[0];
}

const PASSED = aResult();
const FAILED = aResult({ status: 'fail', message: 'no IOMMU is in force', remedy: { summary: 'Switch it on' } });

describe('checks', () => {
  it('are met when each has results and one passed: what was seen is said', () => {
    const results = [PASSED, aResult({ id: 'preflight/iommu/command-line', status: 'not-applicable', message: 'nothing there' })];
    expect(judged({ checks: ['preflight/iommu/*'] }, aReport({ results }))).toMatchObject({
      state: 'met',
      message: 'preflight/iommu/enabled: ivhd0',
      next: null,
      by: ['preflight/iommu/command-line', ENABLED],
    });
  });

  it.each(['blocker', 'major', 'minor', 'info'] as const)('are failed by a %s finding: criteria are absolute', (severity) => {
    expect(judged({ checks: [ENABLED] }, aReport({ results: [PASSED, { ...FAILED, severity }] }))).toMatchObject({
      state: 'failed',
      message: 'preflight/iommu/enabled: no IOMMU is in force',
      next: 'Switch it on',
    });
  });

  it.each([
    ['error', 'could not look: permission denied'],
    ['skipped', 'left out on request'],
  ] as const)('are not looked at when one is %s, even when others passed', (status, message) => {
    const results = [PASSED, aResult({ id: 'preflight/iommu/command-line', status, message })];
    expect(judged({ checks: ['preflight/iommu/*'] }, aReport({ results }))).toMatchObject({
      state: 'could-not-look',
      message: `preflight/iommu/command-line: ${message}`,
    });
  });

  it('are not looked at when none of them applies', () => {
    const results = [aResult({ status: 'not-applicable', message: 'no GPU is passed' })];
    expect(judged({ checks: [ENABLED] }, aReport({ results }))).toMatchObject({
      state: 'could-not-look',
      message: 'nothing to judge: preflight/iommu/enabled: no GPU is passed',
    });
  });

  it('of the host say nothing of a definition of which none applies', () => {
    const results = [PASSED, aResult({ id: PINS, subject: 'web', status: 'not-applicable', message: 'no PCI device is passed through' })];
    expect(judged({ checks: [ENABLED, PINS] }, aReport({ results }))).toMatchObject({
      state: 'could-not-look',
      message: `nothing to judge: ${PINS} web: no PCI device is passed through`,
    });
  });

  const LONELY = aResult({ id: UNIQUE, subject: 'win11', status: 'not-applicable', message: 'numad chooses' });

  it('are not met by one of them for another that had nothing to judge', () => {
    const results = [aResult({ id: PINS, subject: 'win11' }), LONELY];
    expect(judged({ checks: [PINS, UNIQUE] }, aReport({ results }))).toMatchObject({
      state: 'could-not-look',
      message: `nothing to judge: ${UNIQUE} win11: numad chooses`,
    });
    expect(judged({ checks: [PINS], mayNotApply: [UNIQUE] }, aReport({ results }))?.state).toBe('met');
    const failed = [...results, aResult({ id: UNIQUE, subject: 'web', status: 'fail', message: 'shared' })];
    expect(judged({ checks: [PINS], mayNotApply: [UNIQUE] }, aReport({ results: failed }))?.state).toBe('failed');
    expect(judged({ checks: [PINS], mayNotApply: [UNIQUE] }, aReport({ results: results.slice(0, 1) }))?.state).toBe('not-measured');
  });

  it('are met by one VM that has all of it, not by two that have a half each', () => {
    const other = [{ ...LONELY, id: PINS, subject: 'web' }, aResult({ id: UNIQUE, subject: 'web' })];
    const halves = [aResult({ id: PINS, subject: 'win11' }), LONELY, ...other];
    expect(judged({ checks: [PINS, UNIQUE] }, aReport({ results: halves }))?.state).toBe('could-not-look');
    const whole = [aResult({ id: PINS, subject: 'win11' }), aResult({ id: UNIQUE, subject: 'win11' }), ...other];
    expect(judged({ checks: [PINS, UNIQUE] }, aReport({ results: whole }))?.state).toBe('met');
  });

  it('are not measured while one has no result, and the command is named that gives it', () => {
    expect(judged({ checks: [ENABLED] }, aReport())).toMatchObject({
      state: 'not-measured',
      message: 'not yet measured: preflight/iommu/enabled',
      next: 'passcheck preflight',
    });
    const machine = { ...aMachine(null), vms: [aVm([[1]], { name: 'win 11' })] };
    expect(judged({ checks: [PINS] }, aReport({ machine }))?.next).toBe("passcheck lint 'win 11' --host");
    expect(judged({ checks: [PINS] }, aReport({ recorded: true }))?.next).toBe('passcheck lint VM --from RECORDING');
  });

  it('of a VM that the report is not about say which it is about', () => {
    const report = aReport({ results: [aResult({ id: PINS, subject: 'win11' })] });
    expect(judged({ checks: [PINS], vms: ['wim11'] }, report)).toMatchObject({
      state: 'not-measured',
      message: `not yet measured: ${PINS} of wim11 (the report is about win11)`,
    });
    expect(judged({ checks: [ENABLED, PINS] }, aReport())?.next).toBe('passcheck preflight, and passcheck lint VM --host');
  });

  it('of a definition that had no host looked at nothing', () => {
    const message = 'no host facts: --host judges against this machine, --from against a recorded one';
    const results = [aResult({ id: PINS }), aResult({ id: UNIQUE, status: 'not-applicable', message })];
    expect(judged({ checks: [PINS, UNIQUE] }, aReport({ results }))).toMatchObject({
      state: 'not-measured',
      message: `not yet measured: ${UNIQUE}`,
    });
  });

  it('have to be about each of the VMs', () => {
    const of = (subject: string, status: 'pass' | 'fail') =>
      aResult({ id: PINS, subject, status, message: status === 'fail' ? 'none' : null });
    const criterion = { checks: [PINS], vms: ['DC01', 'SCCM01'] };
    expect(judged(criterion, aReport({ results: [of('DC01', 'pass'), of('CLIENT01', 'fail')] }))).toMatchObject({
      state: 'not-measured',
      message: `not yet measured: ${PINS} of SCCM01`,
      next: 'passcheck lint SCCM01 --host',
    });
    expect(judged(criterion, aReport({ results: [of('DC01', 'pass'), of('SCCM01', 'pass'), of('CLIENT01', 'fail')] }))?.state).toBe('met');
    expect(judged(criterion, aReport({ results: [of('DC01', 'pass'), of('SCCM01', 'fail')] }))).toMatchObject({
      state: 'failed',
      message: `${PINS} SCCM01: none`,
    });
  });

  it('that were run on none of the VMs are named once, with one command for all', () => {
    expect(judged({ checks: [PINS, UNIQUE], vms: ['DC01', 'SCCM01', 'CLIENT01', 'CLIENT02'] }, aReport())).toMatchObject({
      state: 'not-measured',
      message: `not yet measured: ${PINS}, ${UNIQUE} of DC01, SCCM01, CLIENT01 and 1 more`,
      next: 'passcheck lint DC01 SCCM01 CLIENT01 CLIENT02 --host',
    });
  });

  it('that fail many times are told in a few words', () => {
    const results = Array.from({ length: 100 }, (_, index) => aResult({ status: 'fail', message: `fault ${index}` }));
    expect(judged({ checks: [ENABLED] }, aReport({ results }))?.message).toMatch(/fault 2; and 97 more$/);
  });
});

describe('the machine', () => {
  const CPU = aDescribedCpu('AMD Ryzen 9 7950X3D', desktop(8));
  const DEVICE = {
    address: '0000:01:00.0',
    id: '10de:2684',
    name: 'GPU',
    className: 'VGA compatible controller',
    classCode: '030000',
    subsystem: null,
    driver: 'vfio-pci',
    iommuGroup: '14',
    upstream: [],
  };
  const GPU = { ...DEVICE, kind: 'discrete' as const, isPassedThrough: true, isLikely: false, isBootDisplay: false };
  const WHOLE: Partial<Inventory> = {
    board: { vendor: 'ASUS', name: 'X670E', version: null, system: null },
    memory: { totalKiB: 1024, numaNodes: 1, modules: null, emptySlots: null },
    gpus: [GPU],
    disks: [{ name: 'nvme0n1', model: 'SN850X', sizeBytes: 1_000_204_886_016, kind: 'NVMe', controller: null }],
    pciDevices: [DEVICE, { ...DEVICE, address: '0000:00:00.0', iommuGroup: null }],
    iommu: { instances: ['ivhd0'], groups: 12, others: [] },
  };

  function withInventory(given: Partial<Inventory>, environment: Machine['environment'] = []): Report {
    return aReport({ machine: { inventory: anInventory(CPU, { ...WHOLE, ...given }), vms: [], environment } });
  }

  it.each([
    ['hardware-listed', {}, 'met', 'the report lists CPU, mainboard, graphics cards, memory, disks'],
    ['hardware-listed', { board: null, disks: null }, 'could-not-look', 'could not be seen: mainboard, disks'],
    ['hardware-listed', { gpus: [], disks: [] }, 'could-not-look', 'could not be seen: graphics cards, disks'],
    [
      'hardware-listed',
      { board: { vendor: 'ASUS', name: null, version: null, system: null } },
      'could-not-look',
      'could not be seen: mainboard',
    ],
    ['iommu-groups-listed', { pciDevices: [] }, 'could-not-look', 'could not be seen: PCI devices'],
    ['iommu-groups-listed', {}, 'met', '2 PCI devices, 12 IOMMU groups; 1 of the devices in none'],
    ['iommu-groups-listed', { pciDevices: null }, 'could-not-look', 'could not be seen: PCI devices'],
    ['iommu-groups-listed', { iommu: null }, 'could-not-look', 'could not be seen: IOMMU groups'],
    [
      'iommu-groups-listed',
      { pciDevices: [{ ...DEVICE, iommuGroup: null, unknown: ['iommuGroup'] }] },
      'could-not-look',
      'could not be seen: the IOMMU group of 0000:01:00.0',
    ],
    [
      'iommu-groups-listed',
      { iommu: { instances: [], groups: 0, others: [] } },
      'failed',
      'no IOMMU is in force: no PCI device has a group',
    ],
    ['gpu-on-vfio-pci', {}, 'met', 'vfio-pci is the driver of 0000:01:00.0'],
    ['gpu-on-vfio-pci', { gpus: [{ ...GPU, driver: 'nouveau' }] }, 'failed', 'the driver of 0000:01:00.0 is nouveau, not vfio-pci'],
    ['gpu-on-vfio-pci', { gpus: [{ ...GPU, driver: null }] }, 'failed', 'the driver of 0000:01:00.0 is none, not vfio-pci'],
    [
      'gpu-on-vfio-pci',
      { gpus: [{ ...GPU, driver: null, unknown: ['driver'] }] },
      'could-not-look',
      'could not be seen: the driver of 0000:01:00.0',
    ],
    ['gpu-on-vfio-pci', { gpus: [{ ...GPU, isPassedThrough: false }] }, 'could-not-look', 'nothing says which GPU goes to the VM'],
    ['gpu-on-vfio-pci', { gpus: null }, 'could-not-look', 'could not be seen: graphics cards'],
  ] as const)('%s of %j is %s', (name, given, state, message) => {
    expect(judged({ machine: [name] }, withInventory(given as Partial<Inventory>))).toMatchObject({
      state,
      message,
      by: [`machine/${name}`],
    });
  });

  it.each([
    ['root', 'could-not-look'],
    ['developer', 'met'],
    ['developer, by sudo', 'met'],
  ])('%s may be the user who is meant: %s', (value, state) => {
    expect(judged({ machine: ['ordinary-user'] }, withInventory({}, [{ name: 'User', value, source: '' }]))?.state).toBe(state);
  });

  it('of several users root may be the one whose rights were seen', () => {
    const users = ['developer', 'root'].map((value) => ({ name: 'User', value, source: '' }));
    for (const environment of [users, users.toReversed()])
      expect(judged({ machine: ['ordinary-user'] }, withInventory({}, environment))?.state).toBe('could-not-look');
  });

  it('that is not described is not measured', () => {
    const criterion = { machine: ['hardware-listed'], environment: [{ name: 'Distribution', is: 'Arch Linux' }] };
    expect(judged(criterion, aReport())).toMatchObject({ state: 'not-measured', next: 'passcheck preflight --format json' });
  });

  function rows(...values: readonly string[]): Report {
    return withInventory(
      {},
      values.map((value) => ({ name: 'Distribution', value, source: '' })),
    );
  }

  it('has rows that say what is asked for, all of them', () => {
    const is = { environment: [{ name: 'Distribution', is: 'Arch Linux' }] };
    const has = { environment: [{ name: 'Distribution', has: 'Arch' }] };
    expect(judged(is, rows('Arch Linux'))).toMatchObject({ state: 'met', message: 'Distribution: Arch Linux' });
    expect(judged(has, rows('Arch Linux'))?.state).toBe('met');
    expect(judged(is, rows('Arch Linux ARM'))).toMatchObject({
      state: 'failed',
      message: 'Distribution is "Arch Linux ARM", not "Arch Linux"',
    });
    expect(judged(has, rows('Arch Linux', 'Debian'))).toMatchObject({
      state: 'failed',
      message: 'Distribution is "Debian", without "Arch"',
    });
    expect(judged(has, rows('Archive Linux'))?.state).toBe('failed');
    expect(judged(has, rows('Archive Linux, Arch'))?.state).toBe('met');
    expect(judged(has, rows())).toMatchObject({ state: 'could-not-look', message: 'the report does not say: Distribution' });
  });
});

function asReal({ synthetic, ...measurement }: Measurement): Measurement {
  return synthetic === true ? measurement : { ...measurement };
}

describe('measurements', () => {
  const [DELIVERY] = exampleMeasurements().filter(({ id }) => id === 'latency/delivery');
  const LIMIT = { id: 'latency/delivery', figure: 'p95', below: 20, unit: 'ms' };

  function measured(given: Partial<Measurement> = {}, figure: Partial<Measurement['figures'][number]> = {}): Report {
    if (DELIVERY === undefined) throw new Error('the example has no delivery');
    return aReport({ measurements: [{ ...asReal(DELIVERY), figures: [{ name: 'p95', value: 13, ...figure }], ...given }] });
  }

  it.each([
    [13, 'met', 'latency/delivery p95 13 ms, below 20 ms'],
    [19.999, 'met', 'latency/delivery p95 19.999 ms, below 20 ms'],
    [20, 'failed', 'latency/delivery p95 20 ms, not below 20 ms'],
    [31, 'failed', 'latency/delivery p95 31 ms, not below 20 ms'],
  ])('of %d ms are %s', (value, state, message) => {
    expect(judged({ measurements: [LIMIT] }, measured({}, { value }))).toMatchObject({ state, message, by: ['latency/delivery'] });
  });

  it('whose bounds lie on both sides of the limit decide nothing', () => {
    expect(judged({ measurements: [LIMIT] }, measured({}, { value: 19, low: 15, high: 24 }))).toMatchObject({
      state: 'not-measured',
      message: 'not decided yet: latency/delivery p95 19 ms (15 to 24), wanted below 20 ms',
    });
  });

  it('that were made up decide nothing', () => {
    expect(judged({ measurements: [LIMIT] }, aReport({ measurements: exampleMeasurements() }))).toMatchObject({
      state: 'not-measured',
      message: 'only synthetic data: latency/delivery',
      next: expect.stringContaining('a later version of passcheck'),
    });
  });

  it('that are not there are named with what they would tell, and with no command that cannot be run', () => {
    expect(judged({ measurements: [LIMIT] }, aReport())).toMatchObject({
      state: 'not-measured',
      message: 'not yet measured: how long a frame takes to reach the client (latency/delivery)',
      next: 'a later version of passcheck measures it (latency), this one cannot',
    });
  });

  it('in another unit, or without the figure, could not be looked at', () => {
    expect(judged({ measurements: [LIMIT] }, measured({ unit: 's' }))).toMatchObject({
      state: 'could-not-look',
      message: 'latency/delivery was measured in s, and the limit is in ms',
    });
    expect(judged({ measurements: [LIMIT] }, measured({}, { name: 'median' }))).toMatchObject({
      state: 'could-not-look',
      message: 'latency/delivery has no figure p95',
    });
  });

  it('without any figure were not seen', () => {
    expect(judged({ measurements: [{ id: 'latency/delivery' }] }, measured({ figures: [] }))).toMatchObject({
      state: 'could-not-look',
      message: 'latency/delivery has no figure',
    });
  });

  it('of every benchmark that was run on both sides have to keep the limit', () => {
    const real = exampleMeasurements().map((measurement) => asReal(measurement));
    const criterion = { measurements: [{ id: 'bench/*', figure: 'ratio', below: 1.05 }] };
    const of = (...ids: readonly string[]) => aReport({ measurements: real.filter(({ id }) => ids.includes(id)) });
    expect(judged(criterion, of('bench/7zip', 'bench/openssl', 'bench/cyclictest'))).toMatchObject({
      state: 'met',
      by: ['bench/7zip', 'bench/openssl'],
    });
    expect(judged(criterion, of('bench/7zip', 'bench/fio-randread', 'bench/glmark2'))).toMatchObject({
      state: 'failed',
      message: 'bench/fio-randread ratio 1.1132, not below 1.05',
    });
    expect(judged(criterion, of('bench/7zip', 'bench/glmark2'))?.state).toBe('not-measured');
    const sides = ['native', 'guest'].map((name) => ({ name, value: 1 }));
    const lacking = of('bench/7zip', 'bench/openssl').measurements.map((one) =>
      one.id === 'bench/7zip' ? one : { ...one, figures: sides },
    );
    expect(judged(criterion, aReport({ measurements: lacking }))).toMatchObject({
      state: 'could-not-look',
      message: 'bench/openssl has no figure ratio',
    });
    expect(judged(criterion, of('bench/cyclictest'))?.state).toBe('not-measured');
    expect(judged({ measurements: [{ id: 'bench/*' }] }, of('bench/cyclictest'))?.state).toBe('met');
  });

  it('have to be about each of the VMs', () => {
    const criterion = { measurements: [LIMIT], vms: ['win11', 'win12'] };
    expect(judged(criterion, measured())).toMatchObject({
      state: 'not-measured',
      message: 'not yet measured: how long a frame takes to reach the client of win12 (latency/delivery)',
    });
  });
});

describe('a criterion of several parts', () => {
  it('is failed before all, then not looked at, then not measured', () => {
    const seen = { attestation: 'the window opens' };
    expect(judged({ checks: [ENABLED], ...seen }, aReport({ results: [FAILED] }))?.state).toBe('failed');
    expect(judged({ checks: [ENABLED], ...seen }, aReport({ results: [aResult({ status: 'error' })] }))?.state).toBe('could-not-look');
    expect(judged({ checks: [ENABLED], ...seen }, aReport({ results: [PASSED] }))).toMatchObject({
      state: 'not-measured',
      message: 'a person has to see it: the window opens',
      next: null,
    });
  });

  it('waits for what is longest to wait for, where it was not measured', () => {
    const later = { command: 'signoff', what: 'the sign-off' };
    const none = aReport();
    expect(judged({ checks: [ENABLED] }, none)?.waits).toBe('command');
    expect(judged({ checks: [ENABLED], attestation: 'it opens' }, none)?.waits).toBe('person');
    expect(judged({ attestation: 'it opens', later }, none)?.waits).toBe('later');
    expect(judged({ measurements: [{ id: 'latency/delivery' }] }, none)?.waits).toBe('later');
    expect(judged({ checks: [ENABLED], attestation: 'it opens' }, aReport({ results: [FAILED] }))?.waits).toBeUndefined();
  });

  it('says once that nothing was measured', () => {
    const later = { command: 'accept', what: 'whether it boots' };
    expect(judged({ checks: [ENABLED], later }, aReport())?.message).toBe('not yet measured: preflight/iommu/enabled; whether it boots');
  });
});

function verdict(phase: Phase, given: Partial<Report>): Report['verdict'] {
  return judgePhase(phase, aReport(given), CHECKS).verdict;
}

describe('the verdict', () => {
  const GO = aPhase({ checks: [ENABLED] });
  const OPEN = aPhase({ checks: [ENABLED] }, { attestation: 'it works' });

  it('of a phase is GO when all is met, NO-GO when one failed, INCONCLUSIVE otherwise', () => {
    expect(judgePhase(GO, aReport({ results: [PASSED] }), CHECKS).phase?.verdict).toBe('GO');
    expect(judgePhase(OPEN, aReport({ results: [PASSED] }), CHECKS).phase?.verdict).toBe('INCONCLUSIVE');
    expect(judgePhase(OPEN, aReport({ results: [FAILED] }), CHECKS).phase?.verdict).toBe('NO-GO');
  });

  it('of the report becomes the worse of both', () => {
    expect(verdict(GO, { results: [PASSED] })).toBe('GO');
    expect(verdict(OPEN, { results: [PASSED] })).toBe('INCONCLUSIVE');
    expect(verdict(GO, { results: [PASSED], verdict: 'NO-GO' })).toBe('NO-GO');
    expect(verdict(GO, { results: [PASSED], verdict: 'INCONCLUSIVE' })).toBe('INCONCLUSIVE');
    expect(verdict(GO, { results: [{ ...FAILED, severity: 'info' }] })).toBe('NO-GO');
  });

  it('of another phase is not that of this one', () => {
    const stored = aReport({ results: [PASSED], verdict: 'NO-GO', phase: EVERY_STATE });
    expect(judgePhase(GO, stored, CHECKS)).toMatchObject({ verdict: 'GO', phase: { id: 'p' } });
  });

  it('is one that a stored report can hold', () => {
    const report = judgePhase(OPEN, aReport({ results: [PASSED] }), CHECKS);
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });
});
