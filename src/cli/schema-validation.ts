import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { SchemaVerdict } from '../domain/document.ts';
import { liveHost } from '../host/live.ts';
import type { HostSource } from '../host/source.ts';
import { addDraft, keepDraft } from './drafts.ts';
import type { DomainInput } from './domain-input.ts';

const VALIDATOR = 'virt-xml-validate';
/** Two processors are common where this runs; each validation is a shell and an xmllint. */
const AT_ONCE = 4;

/** Asks libvirt's own schema, where its `virt-xml-validate` is installed on this machine, about each text; by label. */
export async function validateSchemas(inputs: readonly DomainInput[]): Promise<ReadonlyMap<string, SchemaVerdict>> {
  const host = liveHost();
  const version = await host.run([VALIDATOR, '--version']);
  if (version.state !== 'ok') {
    const verdict: SchemaVerdict = version.state === 'absent' ? { state: 'not-installed' } : { state: 'failed', reason: version.detail };
    return new Map(inputs.map(({ label }) => [label, verdict]));
  }
  const release = /\(libvirt\) (\S{1,40})/.exec(version.value.stdout)?.[1] ?? 'of unknown version';
  const verdicts = new Map<string, SchemaVerdict>();
  for (let index = 0; index < inputs.length; index += AT_ONCE) {
    const batch = inputs.slice(index, index + AT_ONCE);
    const found = await Promise.all(batch.map((input) => validate(host, input, release)));
    for (const [place, input] of batch.entries()) verdicts.set(input.label, found[place] ?? NO_ANSWER);
    // It takes 13 ms. What hangs once would do so for every file.
    if (found.some(hasNotAnswered)) return new Map(inputs.map(({ label }) => [label, verdicts.get(label) ?? NOT_ASKED]));
  }
  return verdicts;
}

const NO_ANSWER: SchemaVerdict = { state: 'failed', reason: 'it did not answer' };
const NOT_ASKED: SchemaVerdict = { state: 'failed', reason: 'it was not asked: it did not answer for another file' };

function hasNotAnswered(verdict: SchemaVerdict): boolean {
  return verdict.state === 'failed' && /did not answer/.test(verdict.reason);
}

async function validate(host: HostSource, { label, origin, text }: DomainInput, version: string): Promise<SchemaVerdict> {
  if (text === null) return { state: 'failed', reason: 'there is no text' };
  if (origin === 'file') return verdictOf(await host.run([VALIDATOR, resolve(label), 'domain']), version);
  const folder = mkdtempSync(join(tmpdir(), 'passcheck-'));
  addDraft(folder);
  try {
    const path = join(folder, 'domain.xml');
    writeFileSync(path, text, { mode: 0o600 });
    return verdictOf(await host.run([VALIDATOR, path, 'domain']), version);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    keepDraft(folder);
  }
}

/** xmllint, which it calls, ends with 3 when the text does not fit the schema. */
function verdictOf(result: Awaited<ReturnType<HostSource['run']>>, version: string): SchemaVerdict {
  if (result.state === 'absent') return { state: 'not-installed' };
  if (result.state === 'unreadable') return { state: 'failed', reason: result.detail };
  const { exitCode, stderr } = result.value;
  if (exitCode === 0) return { state: 'valid', version };
  if (exitCode === 127) return { state: 'failed', reason: 'it needs xmllint, which is not installed' };
  if (exitCode !== 3) return { state: 'failed', reason: `it ended with ${exitCode}` };
  const complaints = stderr.split('\n').flatMap((line) => /Relax-NG validity error : (.{1,300})/.exec(line)?.[0] ?? []);
  // The only line that names what does not fit has no place; the lines with a place name the element around it.
  const extra = /^Relax-NG validity error : (Extra element [^\s]{1,100}) in interleave$/m.exec(stderr)?.[1];
  const places = stderr
    .split('\n')
    .flatMap((line) => /^[^\n]*?:(\d{1,9}): element [^\n]{1,300}/.exec(line)?.[0].replace(/^.*?:(?=\d+: element )/, 'line ') ?? []);
  return { state: 'wrong', version, complaints: places.length === 0 ? complaints : [...(extra === undefined ? [] : [extra]), ...places] };
}
