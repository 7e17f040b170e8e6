import type { FactStore } from '../engine/fact-store.ts';
import { facts } from '../facts/registry.ts';
import { nearest } from '../nearest.ts';
import { oneLine } from '../report/sanitize.ts';
import { UsageError } from '../usage-error.ts';
import { type DomainInput, isPath, readInput } from './domain-input.ts';
import { libvirtSilence } from './libvirt-silence.ts';
import { nearFileWords } from './near-file.ts';
import { programName } from './program-name.ts';
import { realPath } from './real-path.ts';

/**
 * Opens what the user named: files, standard input, domains of libvirt; without a name every domain that the host has. Throws
 * a `UsageError` for what is not there, with the nearest name that is. `connection`: whose domains they are, for people.
 */
export async function openInputs(
  names: readonly string[],
  store: FactStore | null,
  connection = 'libvirt',
): Promise<readonly DomainInput[]> {
  if (names.filter((name) => name === '-').length > 1) throw new UsageError('- can be given once: there is one standard input');
  if (names.length === 0 && store === null) throw new UsageError(NOTHING);
  const needsLibvirt = names.length === 0 || names.some((name) => !isPath(name));
  const defined = store !== null && needsLibvirt ? await definedInputs(store, names) : [];
  const silence = store !== null && needsLibvirt ? await libvirtSilence(store, connection) : null;
  if (names.length === 0) {
    if (defined.length > 0) return defined;
    throw new UsageError(
      silence === null ? `${connection} has no domain: name an XML file` : `${silence}: name an XML file; ${howToMend()}`,
    );
  }
  return distinct(names).map((name) => (isPath(name) ? readInput(name) : definedInput(name, { defined, connection, silence })));
}

/** A file that was named twice, in whatever way, is judged once. */
function distinct(names: readonly string[]): readonly string[] {
  const byFile = new Map<string, string>();
  for (const name of names) {
    const key = isPath(name) && name !== '-' ? `file ${realPath(name)}` : name;
    if (!byFile.has(key)) byFile.set(key, name);
  }
  return [...byFile.values()];
}

const NOTHING = 'name what to judge: an XML file, a domain of libvirt, or - for standard input (see passcheck lint --help)';

async function definedInputs(store: FactStore, names: readonly string[]): Promise<readonly DomainInput[]> {
  const attempt = await store.get(facts.definedDocuments);
  const wanted = names.filter((name) => !isPath(name)).map(oneLine);
  if (!attempt.ok) {
    const { source, reason, hint } = attempt.error;
    const subject =
      wanted.length === 0
        ? 'the domains of libvirt cannot be listed'
        : `${wanted.join(', ')}: no such file here, and libvirt cannot be asked`;
    const beside = wanted.map(nearFileWords).find((words) => words !== '');
    if (beside !== undefined) throw new UsageError(`${subject}${beside}`);
    throw new UsageError(`${subject}: ${reason} (${source})${hint === undefined ? '' : `; ${hint}`}`);
  }
  return attempt.value.map(({ document: { label, text } }) => ({ label, origin: 'libvirt' as const, text }));
}

function howToMend(): string {
  return `${programName(process.env)} preflight --only libvirt says how to mend that`;
}

interface Defined {
  readonly defined: readonly DomainInput[];
  readonly connection: string;
  /** Why they come from the files of libvirt, which do not tell of all. */
  readonly silence: string | null;
}

function definedInput(name: string, { defined, connection, silence }: Defined): DomainInput {
  const found = defined.find(({ label }) => label === name);
  if (found !== undefined) return found;
  const labels = defined.map(({ label }) => label);
  const near = nearest(name, labels);
  const beside = nearFileWords(name);
  const known = labels.length === 0 ? 'none' : `${labels.slice(0, 8).map(oneLine).join(', ')}${labels.length > 8 ? ' …' : ''}`;
  if (silence !== null) {
    const files = near === undefined ? `its files have ${known}` : `the nearest in its files is ${oneLine(near)}`;
    throw new UsageError(`${oneLine(name)}: no such file here, and ${silence}; ${files}; ${howToMend()}${beside}`);
  }
  const there = near === undefined ? `${connection} has ${known}` : `the nearest is ${oneLine(near)}`;
  throw new UsageError(`${oneLine(name)}: no such file here, and no domain of libvirt; ${there}${beside}`);
}
