import { shellWord } from '../remedy/shell-word.ts';
import type { Report } from '../report/model.ts';

/** The command that runs checks which a report does not have, as a person types it. */
export function commandFor(ids: readonly string[], vms: readonly string[] | null, report: Report): string {
  const isAboutDomain = ids.some((id) => id.startsWith('domain/'));
  const from = fromWords(report);
  const host = `passcheck preflight${from}`;
  if (!isAboutDomain) return host;
  const lint = `passcheck lint ${vmWords(vms, report)}${from === '' ? ' --host' : from}`;
  return ids.every((id) => id.startsWith('domain/')) ? lint : `${host}, and ${lint}`;
}

/** A report does not tell where the recording is that it was made of. */
const RECORDING = ' --from RECORDING';

function fromWords({ recorded }: Report): string {
  return recorded === true ? RECORDING : '';
}

/** What to do next, with the recording as it was typed. */
export function withRecording(next: string | null, recording: string): string | null {
  return next?.replaceAll(RECORDING, ` --from ${shellWord(recording)}`) ?? null;
}

/** The VMs that the report knows; VM where it knows none. */
function vmWords(vms: readonly string[] | null, { machine }: Report): string {
  const names = vms ?? (machine?.vms ?? []).map(({ name }) => name);
  return names.length === 0 || names.length > 8 ? 'VM' : names.map((name) => shellWord(name)).join(' ');
}
