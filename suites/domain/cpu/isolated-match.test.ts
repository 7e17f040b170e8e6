import { describe, expect, it } from 'vitest';

import { anIsolation, pinned } from '../../../test/cpu-facts.ts';
import { aDefinition, aDocument, type DomainParts, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { DEBIAN, known } from '../../../test/facts.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import rule from './isolated-match.ts';

const document = (parts: DomainParts): DomainDocument => aDocument(aDefinition(parts), { label: `${parts.name ?? 'vm'}.xml` });
const server = (cpus: readonly number[]): DomainDocument => document({ name: 'server', gpu: false, body: pinned(cpus) });

/** Threads n and n+8 are one core. */
function judge(body: string, isolated: readonly number[], ...others: readonly DomainDocument[]): Outcome {
  const own = document({ name: 'win11', body });
  const facts = {
    cpuIsolation: anIsolation({ isolated, isolatedCores: isolated.map((cpu) => [cpu % 8, (cpu % 8) + 8]), asked: ['4-7'] }),
    definedDocuments: others.length === 0 ? NO_HOST_FACT : known(others.map((other) => ({ document: other, state: 'shut off' }))),
    platform: known(DEBIAN),
  };
  const [outcome, ...more] = rule.judge(own, facts);
  if (outcome === undefined || more.length > 0) throw new Error('one outcome expected');
  return outcome;
}

describe(rule.id, () => {
  it('passes when the two are the same', () => {
    expect(judge(pinned([4, 5, 6, 7]), [4, 5, 6, 7])).toMatchObject({ status: 'pass' });
  });

  it('passes when the others are threads beside a vCPU, of the emulator, or of another domain', () => {
    expect(judge(pinned([4, 5]), [4, 5, 12, 13])).toMatchObject({ status: 'pass' });
    expect(judge(pinned([4, 5], "<emulatorpin cpuset='6'/>"), [4, 5, 6])).toMatchObject({ status: 'pass' });
    expect(judge(pinned([4, 5]), [4, 5, 6, 7], server([6, 7]))).toMatchObject({ status: 'pass' });
    expect(judge(pinned([2, 3]), [6, 7], server([6, 7]))).toMatchObject({ status: 'pass', message: 'other domains use the isolated CPUs' });
  });

  it.each([
    [[4, 5, 6], [4, 5], 'vCPUs are on CPU 6, which is not isolated', '4-6'],
    [[4, 5], [4, 5, 6, 7], 'no domain is pinned to CPUs 6-7, which are isolated', '4-5'],
    [[3, 4], [4, 5], 'vCPUs are on CPU 3, which is not isolated, and no domain is pinned to CPU 5, which is isolated', '3-4'],
  ])('fails on %j with %j isolated', (cpus, isolated, message, wanted) => {
    expect(judge(pinned(cpus), isolated)).toMatchObject({
      status: 'fail',
      message,
      evidence: [{ source: 'win11.xml:9' }, { source: '/sys/devices/system/cpu/isolated' }],
      remedy: { summary: `Isolate exactly the CPUs ${wanted}`, steps: [{ text: expect.stringContaining('remove isolcpus=4-7') }, {}, {}] },
    });
  });

  it('fails when all vCPUs are beside what is isolated', () => {
    expect(judge(pinned([2, 3]), [6, 7])).toMatchObject({
      status: 'fail',
      message: 'the vCPUs are on CPUs 2-3, and the host isolates CPUs 6-7',
    });
  });

  it('is not applicable where nothing is isolated or pinned', () => {
    expect(judge(pinned([4, 5]), [])).toMatchObject({ status: 'not-applicable' });
    expect(judge('<vcpu>2</vcpu>', [4])).toMatchObject({ status: 'not-applicable' });
  });
});
