import { ok, type Reading, unreadable } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { definedDocuments } from './defined-documents.ts';
import { defineFact } from './fact.ts';
import { lintedDomains } from './linted-domains.ts';
import { EMULATOR_NAMES, EMULATORS_FOLDER, qemu } from './qemu.ts';

/** A machine type that an emulator knows. */
export interface SupportedMachine {
  readonly name: string;
  readonly aliasOf: string | null;
  /** QEMU will remove it. */
  readonly isDeprecated: boolean;
}

/** The machine types of one emulator. */
export interface EmulatorMachines {
  readonly path: string;
  readonly machines: Reading<readonly SupportedMachine[]>;
}

/** The emulators that were asked: first that of the distribution, then those that definitions name. */
export type QemuMachines = readonly EmulatorMachines[];

/** An emulator answers within 30 ms; more than these nobody has. */
const LIMIT = 8;

/** `qemu-system-x86_64 -machine help` of the emulators that the system's folders have. Never runs anything else that a definition names. */
export const qemuMachines = defineFact({
  id: 'qemuMachines',
  needs: { qemu },
  wants: { lintedDomains, definedDocuments },
  collect(host, facts): Promise<QemuMachines> {
    const { system } = facts.qemu;
    const documents = [
      ...(facts.lintedDomains.ok ? facts.lintedDomains.value.documents : []),
      ...(facts.definedDocuments.ok ? facts.definedDocuments.value.map(({ document }) => document) : []),
    ];
    const named = documents.flatMap(({ domain }) => domain.emulator ?? []).filter(isEmulator);
    const paths = new Set([...(system.state === 'ok' ? [system.value.path] : []), ...named]);
    return Promise.all([...paths].slice(0, LIMIT).map(async (path) => ({ path, machines: await readMachines(host, path) })));
  },
});

/** Another program would take the arguments for something else. */
function isEmulator(path: string): boolean {
  return EMULATORS_FOLDER.test(path) && EMULATOR_NAMES.test(path.slice(path.lastIndexOf('/') + 1));
}

async function readMachines(host: HostSource, path: string): Promise<EmulatorMachines['machines']> {
  const result = await host.run([path, '-machine', 'help'], { cachedBy: [path] });
  if (result.state !== 'ok') return result;
  const machines = parseMachines(result.value.stdout);
  return machines.length === 0 ? unreadable('failed', `-machine help ended with ${result.value.exitCode}`) : ok(machines);
}

/** `pc-q35-7.2   Standard PC (Q35 + ICH9, 2009) (alias of …) (default) (deprecated)`, below a heading. */
export function parseMachines(text: string): readonly SupportedMachine[] {
  const lines = text.split('\n', 2_000);
  const heading = lines.findIndex((line) => line.startsWith('Supported machines are'));
  if (heading === -1) return [];
  return lines.slice(heading + 1).flatMap((line) => {
    const name = /^\S{1,100}/.exec(line)?.[0];
    if (name === undefined) return [];
    return [{ name, aliasOf: /\(alias of ([^)\s]{1,100})\)/.exec(line)?.[1] ?? null, isDeprecated: line.includes('(deprecated') }];
  });
}
