import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { anIsolation, aProcessor } from '../../test/cpu-facts.ts';
import { aDefinition, aDocument, NO_HOST_FACT } from '../../test/domain-rule.ts';
import { aPciDevice, known } from '../../test/facts.ts';
import { anyRequest } from '../../test/topologies.ts';
import type { DomainDocument } from '../../src/domain/document.ts';
import { applyEdits } from '../../src/domain/edit.ts';
import type { Check } from '../../src/engine/check.ts';
import type { Outcome } from '../../src/engine/outcome.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import type { FactId } from '../../src/facts/registry.ts';
import { domainRules } from '../domain.ts';

const RULES = domainRules.filter(({ id }) => id.startsWith('domain/cpu/'));

type Known = Partial<Record<FactId, Attempt<unknown>>>;

function judge(rule: Check, document: DomainDocument, host: Known): readonly Outcome[] {
  const attempts = Object.fromEntries(rule.wants.map((id) => [id, host[id] ?? NO_HOST_FACT]));
  const lintedDomains = { documents: [document], unreadable: [], hasHost: true };
  const outcome = rule.evaluate({ lintedDomains, ...attempts });
  return 'status' in outcome ? [outcome] : outcome.map((one) => one.outcome);
}

/** Mostly sensible, now and then not. */
const list = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 40 }).map(String) },
  fc.stringMatching(/^[\d,^ -]{0,8}$/),
  fc.constant('0-7'),
);
const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 12 }).map(String) },
  fc.constantFrom('-1', 'x', '', '4294967296'),
);

const definition = fc
  .record({
    vcpu: number,
    attributes: fc.constantFrom('', " current='2'", " placement='auto'", " cpuset='0-3'", " cpuset='x'", " current='z'"),
    pins: fc.array(fc.tuple(number, list), { maxLength: 12 }),
    emulator: fc.option(list),
    iothreads: fc.option(fc.tuple(number, list)),
    sched: fc.option(fc.tuple(list, fc.constantFrom('fifo', 'rr', 'idle', 'what'), number)),
    mode: fc.constantFrom(
      '',
      " mode='host-passthrough'",
      " mode='host-model' migratable='on'",
      " mode='maximum' migratable='off'",
      " mode='what'",
    ),
    topology: fc.option(fc.tuple(number, number, number)),
    inside: fc.subarray([
      "<cache mode='passthrough'/>",
      "<cache mode='emulate'/>",
      "<feature name='topoext'/>",
      "<feature name='topoext'/>",
      "<feature policy='disable' name='hypervisor'/>",
    ]),
  })
  .map(({ vcpu, attributes, pins, emulator, iothreads, sched, mode, topology, inside }) => {
    const tuning = [
      ...pins.map(([id, cpuset]) => `<vcpupin vcpu='${id}' cpuset='${cpuset}'/>`),
      ...(emulator === null ? [] : [`<emulatorpin cpuset='${emulator}'/>`]),
      ...(iothreads === null ? [] : [`<iothreadpin iothread='1' cpuset='${iothreads[1]}'/>`]),
      ...(sched === null ? [] : [`<vcpusched vcpus='${sched[0]}' scheduler='${sched[1]}' priority='${sched[2]}'/>`]),
    ];
    const [sockets, cores, threads] = topology ?? [];
    const cpu = [...(topology === null ? [] : [`<topology sockets='${sockets}' cores='${cores}' threads='${threads}'/>`]), ...inside];
    return aDefinition({
      body: `<vcpu${attributes}>${vcpu}</vcpu>
  <iothreads>${iothreads === null ? 0 : iothreads[0]}</iothreads>
  <cputune>${tuning.join('')}</cputune>
  <cpu${mode}>${cpu.join('')}</cpu>`,
    });
  });

describe('rules about CPUs', () => {
  it('answer for any definition on any host, and what they mend stays mended', () => {
    fc.assert(
      fc.property(definition, anyRequest, fc.array(fc.integer({ min: 0, max: 40 })), (text, { topology }, isolated) => {
        const host: Known = {
          cpuTopology: known(topology),
          cpuIsolation: known(anIsolation({ online: topology.online, isolated })),
          cpu: known(aProcessor()),
          pciDevices: known([aPciDevice({ numaNode: topology.cores[0]?.node ?? null })]),
          definedDocuments: known([]),
        };
        const document = aDocument(text);
        const edits = RULES.flatMap((rule) => {
          const outcomes = judge(rule, document, host);
          expect(outcomes.length).toBeGreaterThan(0);
          expect(outcomes.length).toBeLessThanOrEqual(20);
          return outcomes.flatMap((one) => (one.status === 'fail' ? (one.edits ?? []) : []));
        });
        const mended = applyEdits(text, edits);
        if (mended === null || edits.length === 0) return;
        const after = aDocument(mended);
        expect(RULES.flatMap((rule) => judge(rule, after, host)).some((one) => one.status === 'fail' && (one.edits ?? []).length > 0)).toBe(
          false,
        );
      }),
      { numRuns: 150 },
    );
  });
});
