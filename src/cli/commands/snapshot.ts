import * as fs from 'node:fs';

import type { Command } from 'commander';

import type { Config } from '../../config/schema.ts';
import { createFactStore, type FactStore } from '../../engine/fact-store.ts';
import { reduceModuleAliases, reduceModuleDependencies } from '../../facts/module-tables.ts';
import type { PciDevice } from '../../facts/pci-devices.ts';
import { reducePciIds } from '../../facts/pci-ids.ts';
import { PCI_IDS_FILES } from '../../facts/pci-names.ts';
import { facts } from '../../facts/registry.ts';
import { liveHost } from '../../host/live.ts';
import { ABSENT, type Reading } from '../../host/reading.ts';
import { recordingHost } from '../../host/recorder.ts';
import type { HostSource } from '../../host/source.ts';
import type { Recording } from '../../host/recording.ts';
import { type WrittenSnapshot, writeSnapshot } from '../../host/snapshot-writer.ts';
import { UsageError } from '../../usage-error.ts';
import { VERSION } from '../../version.ts';
import { userConfig } from '../config.ts';
import { addDraft, keepDraft } from '../drafts.ts';
import type { Io } from '../io.ts';
import { programName } from '../program-name.ts';
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

Serial numbers, UUIDs, MAC addresses, host and user names are replaced before
anything is written.`;

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

/** Archives that are not written: a folder of that name is not what was meant. */
const OTHER_ARCHIVES = /\.(?:zip|7z|rar|tar|tar\.(?:bz2|xz|zst|lz4?|lzma|Z)|tbz2?|txz|tzst|(?<!\.tar\.)gz|bz2|xz|zst|cpio)$/i;

async function snapshot(out: string, { redact, force = false, config: path }: SnapshotOptions, io: Io): Promise<void> {
  const ending = OTHER_ARCHIVES.exec(out)?.[0];
  if (ending !== undefined) throw new UsageError(`${out}: no ${ending} is written: name a .tar.gz, or a folder`);
  if (!force && fs.existsSync(out)) throw new UsageError(`${out} exists: --force replaces it when it is a snapshot`);
  const config = await userConfig({ path, isRecorded: false, recordedConfig: null });
  const recorder = recordingHost(liveHost());
  const store = createFactStore({ host: recorder.host, context: { config }, now: () => performance.now() });
  await withProgress(io, 'recording this host', collectAll(recorder.host, store, config));
  const [devices, modules] = await Promise.all([store.get(facts.pciDevices), store.get(facts.modules)]);
  const recording = recorder.recording();
  const written = await writeSnapshot(recording, out, {
    version: VERSION,
    recordedAt: new Date().toISOString(),
    config,
    redact,
    reduce: reducers(recording, devices.ok ? devices.value : [], modules.ok ? modules.value.folder : ABSENT),
    drafts: { add: addDraft, keep: keepDraft },
  });
  for (const line of summary(written)) io.note(line);
}

/** Every fact; those about definitions for the domains that libvirt has, so that `lint NAME --from` finds them. */
async function collectAll(host: HostSource, base: FactStore, config: Config): Promise<void> {
  const defined = await base.get(facts.definedDocuments);
  const definitions = defined.ok ? defined.value.map(({ document: { label, text } }) => ({ label, text, isDefined: true })) : [];
  const store = createFactStore({ host, context: { config, definitions }, now: () => performance.now(), base });
  await Promise.all(Object.values(facts).map((fact) => store.get<unknown>(fact)));
}

type Reducers = Record<string, (bytes: Uint8Array) => Uint8Array>;

/** Tables of a megabyte become the lines that are about this machine; what is read from them stays the same. */
function reducers(recording: Recording, devices: readonly PciDevice[], moduleFolder: Reading<string>): Reducers {
  const pciIds = onText((text) => reducePciIds(text, devices));
  const named = Object.fromEntries(PCI_IDS_FILES.map((path) => [path, pciIds]));
  if (moduleFolder.state !== 'ok') return named;
  const modaliases = devices.flatMap(({ modalias }) => modalias ?? []);
  const table = `${moduleFolder.value}/modules.alias`;
  const aliases = recording.files.get(table);
  const aliasText = aliases?.state === 'ok' ? latin1(aliases.value) : '';
  return {
    ...named,
    [table]: onText((text) => reduceModuleAliases(text, modaliases)),
    [`${moduleFolder.value}/modules.dep`]: onText((text) => reduceModuleDependencies(text, aliasText, modaliases)),
  };
}

function onText(change: (text: string) => string): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => Buffer.from(change(latin1(bytes)), 'latin1');
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function summary({ path, files, bytes, redacted }: WrittenSnapshot): string[] {
  return [
    `${path}: ${files} files, ${Math.ceil(bytes / 1024)} KiB before packing`,
    redacted === null ? 'Nothing was redacted: it names this machine and its users.' : `Replaced: ${replaced(redacted)}.`,
    `Judge it anywhere: ${programName(process.env)} preflight --from ${path}`,
  ];
}

function replaced(redacted: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(redacted).filter(([, count]) => count > 0);
  return kinds.length === 0 ? 'nothing, there was nothing to replace' : kinds.map(([kind, count]) => `${count} × ${kind}`).join(', ');
}
