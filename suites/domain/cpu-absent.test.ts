import { describe, expect, it } from 'vitest';

import { anIsolation, pinned } from '../../test/cpu-facts.ts';
import { aDefinition, aDocument, NO_HOST_FACT } from '../../test/domain-rule.ts';
import { known } from '../../test/facts.ts';
import { desktop } from '../../test/topologies.ts';
import type { Outcome } from '../../src/engine/outcome.ts';
import { domainRules } from '../domain.ts';

// A definition from a larger machine: what is wrong with its pins is said once.

function judgements(body: string, threads = 2): ReadonlyMap<string, Outcome['status']> {
  const documents = [aDocument(aDefinition({ body }))];
  const host: Record<string, unknown> = { cpuTopology: known(desktop(4, threads)), cpuIsolation: known(anIsolation()) };
  const rules = domainRules.filter(({ id }) => id.startsWith('domain/cpu/'));
  return new Map(
    rules.flatMap((rule): [string, Outcome['status']][] => {
      const attempts = Object.fromEntries(rule.wants.map((id) => [id, host[id] ?? NO_HOST_FACT]));
      const outcome = rule.evaluate({ lintedDomains: { documents, unreadable: [], hasHost: true }, ...attempts });
      const outcomes = 'status' in outcome ? [outcome] : outcome.map((one) => one.outcome);
      return outcomes.map(({ status }) => [rule.id, status]);
    }),
  );
}

const topology = "sockets='1' cores='2' threads='2'";
const OTHERS = ['threads', 'smt-pairing', 'vcpupin-unique', 'vcpupin-all', 'host-reserve', 'emulator-locality', 'split-core'];

describe('pins to CPUs that the host does not have', () => {
  it.each([
    ['with', 2],
    ['without', 1],
  ])('are told by pin-online alone, on a host %s SMT', (_, threads) => {
    const found = judgements(pinned([12, 12, 13, 20], "<emulatorpin cpuset='30'/>", topology), threads);
    expect(found.get('domain/cpu/pin-online')).toBe('fail');
    expect(OTHERS.filter((name) => found.get(`domain/cpu/${name}`) !== 'not-applicable')).toEqual([]);
  });

  it('pass in no other rule when only those of the emulator are missing', () => {
    const found = judgements(pinned([2, 6], "<emulatorpin cpuset='30'/>"));
    expect(found.get('domain/cpu/emulator-locality')).toBe('not-applicable');
    expect(found.get('domain/cpu/vcpupin-all')).toBe('pass');
  });
});
