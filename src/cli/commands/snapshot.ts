import * as fs from 'node:fs';

import type { Command } from 'commander';

import { checks } from '../../../suites/registry.ts';
import { createFactStore } from '../../engine/fact-store.ts';
import type { Attempt, ValueOf } from '../../facts/fact.ts';
import { reducePciIds } from '../../facts/pci-ids.ts';
import { PCI_IDS_FILES } from '../../facts/pci-names.ts';
import { facts } from '../../facts/registry.ts';
import { liveHost } from '../../host/live.ts';
import { recordingHost } from '../../host/recorder.ts';
import { type WrittenSnapshot, writeSnapshot } from '../../host/snapshot-writer.ts';
import { UsageError } from '../../usage-error.ts';
import { VERSION } from '../../version.ts';
import { userConfig } from '../config.ts';
import { addDraft, keepDraft } from '../drafts.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';

interface SnapshotOptions {
  readonly redact: boolean;
  readonly force?: boolean;
  readonly config?: string;
}

const EXAMPLES = `
Examples:
  $ passcheck snapshot host.tar.gz         record this host, redacted
  $ sudo passcheck snapshot host.tar.gz    with what only root can see
  $ passcheck preflight --from host.tar.gz judge the recording, on any machine

Serial numbers, UUIDs, MAC addresses, host and user names are replaced before anything is written.`;

/** `passcheck snapshot`: records everything that passcheck reads of this host, and nothing else. */
export function defineSnapshot(command: Command, io: Io): void {
  command
    .description('Record everything that passcheck reads of this host: for a bug report, or to judge it elsewhere.')
    .argument('<out>', 'a folder, or an archive when it ends in .tar.gz')
    .option('--no-redact', 'keep serial numbers, UUIDs, MAC addresses, host and user names')
    .option('--force', 'replace an older snapshot of that name')
    .option('--config <file>', 'the configuration to record with it (default: passcheck.yaml in this folder, when there is one)')
    .addHelpText('after', EXAMPLES)
    .action((out: string, options: SnapshotOptions) => snapshot(out, options, io));
}

async function snapshot(out: string, { redact, force = false, config: path }: SnapshotOptions, io: Io): Promise<void> {
  if (!force && fs.existsSync(out)) throw new UsageError(`${out} exists: --force replaces it when it is a snapshot`);
  const config = await userConfig({ path, isRecorded: false, recordedConfig: null }, checks);
  const recorder = recordingHost(liveHost());
  const store = createFactStore({ host: recorder.host, context: { config }, now: () => performance.now() });
  await withProgress(io, 'recording this host', Promise.all(Object.values(facts).map((fact) => store.get<unknown>(fact))));
  const written = await writeSnapshot(recorder.recording(), out, {
    version: VERSION,
    recordedAt: new Date().toISOString(),
    config,
    redact,
    reduce: pciIdsReducer(await store.get(facts.pciDevices)),
    drafts: { add: addDraft, keep: keepDraft },
  });
  for (const line of summary(written)) io.note(line);
}

/** The 1.4 MB of pci.ids become the few lines that name what is in this machine. */
function pciIdsReducer(devices: Attempt<ValueOf<typeof facts.pciDevices>>): Record<string, (bytes: Uint8Array) => Uint8Array> {
  const ids = devices.ok ? devices.value : [];
  const reduce = (bytes: Uint8Array): Uint8Array => Buffer.from(reducePciIds(Buffer.from(bytes).toString('latin1'), ids), 'latin1');
  return Object.fromEntries(PCI_IDS_FILES.map((path) => [path, reduce]));
}

function summary({ path, files, bytes, redacted }: WrittenSnapshot): string[] {
  return [
    `${path}: ${files} files, ${Math.ceil(bytes / 1024)} KiB before packing`,
    redacted === null ? 'Nothing was redacted: it names this machine and its users.' : `Replaced: ${replaced(redacted)}.`,
    `Judge it anywhere: passcheck preflight --from ${path}`,
  ];
}

function replaced(redacted: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(redacted).filter(([, count]) => count > 0);
  return kinds.length === 0 ? 'nothing, there was nothing to replace' : kinds.map(([kind, count]) => `${count} × ${kind}`).join(', ');
}
