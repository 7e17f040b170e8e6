import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { openSource } from '../src/cli/host.ts';
import { DEFAULT_CONFIG } from '../src/config/defaults.ts';
import { createFactStore } from '../src/engine/fact-store.ts';
import { collectMachine } from '../src/inventory/machine.ts';
import type { Machine } from '../src/report/machine.ts';
import type { Report } from '../src/report/model.ts';
import { pciMembers } from '../src/report/html/pci-members.ts';
import { groupSentences } from '../src/report/html/pci-words.ts';
import { judgeRecorded } from './recorded.ts';

const HOSTS = resolve(import.meta.dirname, '../fixtures/hosts');
const hosts = readdirSync(HOSTS).filter((name) => !name.includes('.'));
const corpus = process.env['PASSCHECK_CORPUS'] ?? '';

/** What the check answers for each way in which the map can speak of the groups. */
const STATES = { go: 'pass', 'no-go': 'fail', open: 'error' } as const;

function statesOnMap(machine: Machine): string[] {
  return groupSentences(pciMembers(machine)).map(({ state }) => STATES[state]);
}

/** The card's own functions are another check's matter; for this one the map has nothing to add. */
function statesOfCheck({ results }: Report): string[] {
  const found = results.filter(({ id }) => id === 'preflight/iommu/group-isolated');
  return found.flatMap(({ status, message }) => {
    if (status !== 'not-applicable') return [status];
    return message?.includes('all-functions') === true ? ['pass'] : [];
  });
}

describe('the map of IOMMU groups', () => {
  it('says of every recorded host what the check says', async () => {
    const said: string[] = [];
    for (const name of hosts) {
      const report = await judgeRecorded(name, { withMachine: true });
      const { machine } = report;
      expect(machine, name).toBeDefined();
      if (machine === undefined) continue;
      expect(statesOnMap(machine), name).toEqual(statesOfCheck(report));
      said.push(...statesOnMap(machine));
    }
    // Not a comparison of nothing with nothing.
    expect(new Set(said)).toEqual(new Set(['pass', 'fail']));
  });

  it.skipIf(corpus === '')('calls nothing apart on captured hosts that lack what the check needs (PASSCHECK_CORPUS)', async () => {
    const archives = ['ghw', 'hwloc'].flatMap((room) => readdirSync(join(corpus, room)).map((name) => join(corpus, room, name)));
    let functions = 0;
    for (const from of archives) {
      const { host } = await openSource(from);
      const store = createFactStore({ host, context: { config: DEFAULT_CONFIG }, now: () => 0 });
      const machine = await collectMachine(store, { version: '0.0.0', takenAt: null, isRecorded: true });
      functions += machine.inventory.pciDevices?.length ?? 0;
      expect(statesOnMap(machine), from).not.toContain('pass');
    }
    expect(functions).toBeGreaterThan(50);
  });
});
