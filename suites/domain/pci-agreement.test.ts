import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { openSource } from '../../src/cli/host.ts';
import { DEFAULT_CONFIG } from '../../src/config/defaults.ts';
import { createFactStore } from '../../src/engine/fact-store.ts';
import { runChecks } from '../../src/engine/run.ts';
import { domainTexts } from '../../src/facts/domain-texts.ts';
import type { Report } from '../../src/report/model.ts';
import { domainRules } from '../domain.ts';
import { preflightChecks } from '../preflight.ts';

const HOSTS = resolve(import.meta.dirname, '../../fixtures/hosts');

/** What preflight says of the GPU of a domain, and what the rules say of the definition. */
const PAIRS: readonly (readonly [preflight: string, rule: string])[] = [
  ['preflight/iommu/group-isolated', 'domain/pci/group-isolated'],
  ['preflight/gpu/all-functions', 'domain/pci/all-functions'],
  ['preflight/gpu/not-host-display', 'domain/pci/boot-display'],
  ['preflight/gpu/reset', 'domain/pci/reset'],
];

async function judgeBoth(name: string): Promise<{ preflight: Report; lint: Report } | null> {
  const { host, clock } = await openSource(join(HOSTS, name));
  const texts = await createFactStore({ host, context: { config: DEFAULT_CONFIG }, now: () => 0 }).get(domainTexts);
  const definitions = texts.ok ? texts.value.map(({ xml }) => ({ label: 'domain', text: xml })) : [];
  if (definitions.length !== 1) return null;
  const run = { host, clock, context: { config: DEFAULT_CONFIG, definitions }, version: '0.0.0' };
  return {
    preflight: await runChecks({ ...run, suite: 'preflight', checks: preflightChecks }),
    lint: await runChecks({ ...run, suite: 'domain', checks: domainRules.filter(({ id }) => id.startsWith('domain/pci/')) }),
  };
}

/** The worst that a report says by one id. */
function worst({ results }: Report, id: string): string {
  const found = new Set<string>(
    results.filter((result) => result.id === id).map(({ status, severity }) => (status === 'fail' ? severity : status)),
  );
  return ['blocker', 'major', 'minor', 'info', 'error', 'pass'].find((one) => found.has(one)) ?? 'not-applicable';
}

describe('the rules about PCI devices', () => {
  it('agree with preflight on every recorded host that has one domain', async () => {
    const compared: string[] = [];
    for (const name of readdirSync(HOSTS).filter((entry) => !entry.includes('.'))) {
      const both = await judgeBoth(name);
      if (both === null) continue;
      const { preflight, lint } = both;
      expect(PAIRS.map(([, rule]) => `${name} ${rule}: ${worst(lint, rule)}`)).toEqual(
        PAIRS.map(([check, rule]) => `${name} ${rule}: ${worst(preflight, check)}`),
      );
      compared.push(...PAIRS.map(([, rule]) => `${rule} ${worst(lint, rule)}`));
    }
    // Not a comparison of nothing with nothing.
    expect(new Set(compared)).toEqual(
      new Set([
        ...compared,
        'domain/pci/group-isolated blocker',
        'domain/pci/all-functions blocker',
        'domain/pci/reset major',
        'domain/pci/boot-display pass',
      ]),
    );
  });
});
