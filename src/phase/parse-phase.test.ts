import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PHASE_WORDS } from './phase-words.ts';
import { phaseFileSchema } from './model.ts';
import { parsePhase } from './parse-phase.ts';

const CHECKS = ['domain/cpu/mode', 'preflight/iommu/enabled', 'preflight/vfio/driver-bound'];

/** A phase with one criterion, of which `lines` are the keys besides id, group and text. */
function aPhaseWith(...lines: readonly string[]): string {
  return [
    'id: p',
    'title: P',
    'source: S',
    'criteria:',
    '  - id: c',
    '    group: G',
    '    text: T',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');
}

function problems(text: string): string[] {
  const parsed = parsePhase(text, CHECKS);
  return parsed.ok ? [] : parsed.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

describe('a phase', () => {
  it('has criteria that are decided in each of the ways', () => {
    const text = aPhaseWith(
      'checks: [preflight/iommu/enabled, preflight/vfio/*]',
      'vms: [win11]',
      'machine: [hardware-listed]',
      'environment: [{ name: Distribution, is: Arch Linux }, { name: Booted by, has: systemd-boot }]',
      'measurements:',
      '  - { id: latency/delivery, figure: p95, below: 20, unit: ms }',
      '  - { id: bench/*, figure: ratio, below: 1.05 }',
      '  - { id: bench/fio-randread, figure: guest, atLeast: 100000, unit: IOPS }',
      '  - { id: bench/7zip }',
      'attestation: it works',
      'later: { command: accept, what: whether it boots }',
    );
    expect(problems(text)).toEqual([]);
    const parsed = parsePhase(text, CHECKS);
    expect(parsed).toMatchObject({ ok: true, value: { id: 'p', documents: [], criteria: [{ id: 'c', vms: ['win11'] }] } });
  });

  it.each([
    ['', '1:1: id is missing'],
    ['- 1', '1:1: the phase has to be a table of keys and values'],
    ['id: Phase 0', '1:5: id has to be small letters, digits and hyphens'],
    [`${aPhaseWith('attestation: A')}\ntitel: x`, '9:1: unknown key "titel" (did you mean "title"?)'],
    ['id: p\ntitle: P\nsource: S\ncriteria: []', '4:11: criteria must not be empty'],
    ['id: p\ntitle: P\nsource: S\ncriteria: {}', '4:11: criteria has to be a list'],
    [aPhaseWith(), '5:9: nothing decides c: give it checks, machine, environment, measurements, attestation, later'],
    [aPhaseWith('attestation: ""'), '8:18: criterion 1: attestation must not be empty'],
    [aPhaseWith('atestation: A'), '8:5: unknown key "atestation" (did you mean "attestation"?)'],
    [
      aPhaseWith('checks: [preflight/iommu/enabeld]'),
      '8:14: no check has the id "preflight/iommu/enabeld" (did you mean "preflight/iommu/enabled"?)',
    ],
    [aPhaseWith('checks: [iommu/enabled]'), '8:14: no check has the id "iommu/enabled" (did you mean "preflight/iommu/enabled"?)'],
    [aPhaseWith('checks: [preflight/gpu/*]'), '8:14: no check has the id "preflight/gpu/*" (passcheck explain lists all)'],
    [aPhaseWith('checks: []'), '8:13: criterion 1: checks must not be empty'],
    [
      aPhaseWith('attestation: A', 'mayNotApply: [preflight/iommu/enabled]'),
      '9:18: checks that may not apply prove nothing: name one under checks that has to pass',
    ],
    [
      aPhaseWith('environment: [{ name: Distributoin, is: Arch Linux }]'),
      '8:27: there is no row of the environment "Distributoin" (did you mean "Distribution"?)',
    ],
    [
      aPhaseWith('environment: [{ name: Distribution, is: Arch Linux }, { name: Network lab-net, has: active }, { name: 1, is: x }]'),
      '8:107: criterion 1: environment 3: name has to be a text',
    ],
    [aPhaseWith('checks: preflight/iommu/enabled'), '8:13: criterion 1: checks has to be a list'],
    [
      aPhaseWith('machine: [hardware-liste]'),
      '8:15: there is no condition of the machine "hardware-liste" (did you mean "hardware-listed"?)',
    ],
    [aPhaseWith('machine: [toString]'), /^8:15: there is no condition of the machine "toString" \(known: /],
    [aPhaseWith('environment: [{ name: Kernel }]'), '8:27: say what it is, or what it has'],
    [aPhaseWith('environment: [{ name: Kernel, is: 6, has: 6 }]'), /has to be a text/],
    [aPhaseWith('environment: [{ name: Kernel, is: "6", has: "6" }]'), '8:27: say either what it is, or what it has'],
    [aPhaseWith('environment: [{ nam: Kernel, is: "6" }]'), /unknown key "nam" \(did you mean "name"\?\)/],
    [
      aPhaseWith('measurements: [{ id: latency/delivry }]'),
      '8:26: there is no measurement "latency/delivry" (did you mean "latency/delivery"?)',
    ],
    [aPhaseWith('measurements: [{ id: speed }]'), /^8:26: there is no measurement "speed" \(known: latency\/delivery, /],
    [
      aPhaseWith('measurements: [{ id: latency/delivery, figure: p59, below: 20, unit: ms }]'),
      '8:52: there is no figure "p59" (did you mean "p95"?)',
    ],
    [
      aPhaseWith('measurements: [{ id: latency/delivery, figure: p95, below: 20, unit: msec }]'),
      '8:74: there is no unit "msec" (known: ms)',
    ],
    [aPhaseWith('measurements: [{ id: latency/delivery, figure: p95, below: 20 }]'), '8:52: say the unit of the limit: ms'],
    [
      aPhaseWith('measurements: [{ id: bench/7zip, figure: guest, atLeast: 5, unit: Mips }]'),
      '8:71: there is no unit "Mips" (did you mean "MIPS"?)',
    ],
    [aPhaseWith('measurements: [{ id: bench/7zip, figure: ratio, below: 1.05, unit: s }]'), '8:72: a ratio has no unit'],
    [
      aPhaseWith('measurements: [{ id: latency/delivery, figure: p95, unit: ms }]'),
      '8:52: p95 has to keep one limit: below, atMost, above or atLeast',
    ],
    [
      aPhaseWith('measurements: [{ id: latency/delivery, figure: p95, below: 20, atMost: 20, unit: ms }]'),
      '8:52: p95 has to keep one limit: below, atMost, above or atLeast',
    ],
    [aPhaseWith('measurements: [{ id: latency/delivery, below: 20 }]'), '8:51: say which figure: median, p95, p99, max'],
    [aPhaseWith('measurements: [{ id: latency/delivery, figure: p95, below: fast, unit: ms }]'), /has to be a number/],
    [aPhaseWith('measurements: [{ id: latency/delivery, figure: p95, below: .inf, unit: ms }]'), /has to be a number/],
    [aPhaseWith('later: { command: acept, what: it }'), '8:23: there is no coming command "acept" (did you mean "accept"?)'],
    [aPhaseWith('later: { command: preflight, what: it }'), /^8:23: there is no coming command "preflight" \(known: accept, /],
    [aPhaseWith('later: { command: accept }'), '8:12: criterion 1: later.what is missing'],
    [aPhaseWith('attestation: A', 'vms: [win11]'), '9:10: vms say of which VMs checks and measurements are meant, and there are none'],
    [`${aPhaseWith('attestation: A')}\n  - { id: c, group: G, text: T, attestation: A }`, '9:11: there is a criterion "c" above'],
    [`${aPhaseWith('attestation: A')}\n---\nid: q`, '9:1: a second document begins here: one file is one phase'],
  ])('is refused with line and column: %j', (text, message) => {
    const found = problems(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((problem) => (typeof message === 'string' ? problem === message : message.test(problem)))).not.toEqual([]);
  });

  it('has every problem told, in the order of the text', () => {
    const text = aPhaseWith('checks: [domain/cpu/mod]', 'machine: [x]', 'later: { command: y, what: z }');
    expect(problems(text).map((problem) => problem.split(':')[0])).toEqual(['8', '9', '10']);
  });

  it('has the keys that messages name', () => {
    const { shape } = phaseFileSchema.def;
    const criterion = shape.criteria.def.element.def.shape;
    expect(PHASE_WORDS.keys).toEqual({
      '': Object.keys(shape),
      'documents.*': Object.keys(shape.documents.def.innerType.def.element.def.shape),
      'criteria.*': Object.keys(criterion),
      'criteria.*.environment.*': Object.keys(criterion.environment.def.innerType.def.element.def.shape),
      'criteria.*.measurements.*': Object.keys(criterion.measurements.def.innerType.def.element.def.shape),
      'criteria.*.later': Object.keys(criterion.later.def.innerType.def.shape),
    });
  });

  it('is a phase or a list of problems, whatever the text', () => {
    const words =
      'id title source criteria checks measurements later x preflight/iommu/enabled preflight/*/* latency/delivery 20 ms __proto__';
    const signs = [':', ' ', '\n', '\n  ', '- ', '[', ']', '{', '}', '&a', '*a', '"', "'", '|', '<<', '!', ', '];
    const word = fc.constantFrom(...words.split(' '), ...signs);
    const line = fc.array(word, { maxLength: 8 }).map((parts) => parts.join(''));
    const text = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 30 }).map((parts) => parts.join('')),
      fc.array(line, { maxLength: 5 }).map((lines) => aPhaseWith(...lines)),
    );
    fc.assert(
      fc.property(text, (given) => {
        const parsed = parsePhase(given, CHECKS);
        const told = parsed.ok ? parsed.value.criteria : parsed.problems;
        expect(told.length).toBeGreaterThan(0);
        for (const { line: at, column, message } of parsed.ok ? [] : parsed.problems) {
          expect(Math.min(at, column)).toBeGreaterThan(0);
          expect(message).not.toMatch(/\p{Cc}|nvalid (?:input|option|key|element|value)|undefined/u);
        }
      }),
      { numRuns: 500 },
    );
  });
});
