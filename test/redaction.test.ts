import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../src/config/schema.ts';
import { createFactStore } from '../src/engine/fact-store.ts';
import { runChecks } from '../src/engine/run.ts';
import { facts } from '../src/facts/registry.ts';
import { liveHost } from '../src/host/live.ts';
import { openHost } from '../src/host/open.ts';
import { recordingHost } from '../src/host/recorder.ts';
import type { Recording } from '../src/host/recording.ts';
import { writeSnapshot } from '../src/host/snapshot-writer.ts';
import type { HostSource } from '../src/host/source.ts';
import { checks } from '../suites/registry.ts';

const STILL = { wall: () => 0, monotonic: () => 0 };
const FIXTURES = join(import.meta.dirname, '../fixtures/hosts');

/** What every check says, without the texts, in which names may be. */
async function statuses(host: HostSource): Promise<string[]> {
  const report = await runChecks({ suite: 'preflight', checks, host, context: { config: DEFAULT_CONFIG }, version: '0.0.0', clock: STILL });
  const counted = report.results.map(({ id, severity, status }) => `${id} ${severity} ${status}`);
  return [report.verdict, ...counted.toSorted()];
}

async function record(source: HostSource): Promise<{ host: HostSource; recording: Recording }> {
  const { host, recording } = recordingHost(source);
  const store = createFactStore({ host, context: { config: DEFAULT_CONFIG }, now: () => 0 });
  await Promise.all(Object.values(facts).map((fact) => store.get<unknown>(fact)));
  return { host, recording: recording() };
}

describe('a snapshot is judged as its host was', () => {
  let folder: string;
  beforeAll(() => (folder = fs.mkdtempSync(join(tmpdir(), 'passcheck-'))));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function afterStoring(recording: Recording, redact: boolean): Promise<HostSource> {
    const out = join(folder, `${redact ? 'redacted' : 'plain'}-${fs.readdirSync(folder).length}`);
    await writeSnapshot(recording, out, { version: '0.0.0', recordedAt: '2026-11-20T09:00:00Z', redact });
    return (await openHost(out)).host;
  }

  it('this machine, with and without redaction', async () => {
    const { host, recording } = await record(liveHost());
    const before = await statuses(host);
    expect(await statuses(await afterStoring(recording, false))).toEqual(before);
    expect(await statuses(await afterStoring(recording, true))).toEqual(before);
  }, 60_000);

  const names = fs.existsSync(FIXTURES)
    ? fs.readdirSync(FIXTURES).filter((name) => fs.existsSync(join(FIXTURES, name, 'passcheck-snapshot.json')))
    : [];
  it.each(names)('%s', async (name) => {
    const { host } = await openHost(join(FIXTURES, name));
    const before = await statuses(host);
    const { recording } = await record(host);
    expect(await statuses(await afterStoring(recording, false))).toEqual(before);
    expect(await statuses(await afterStoring(recording, true))).toEqual(before);
  });
});
