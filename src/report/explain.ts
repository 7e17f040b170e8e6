import type { Check } from '../engine/check.ts';
import { suiteCommand } from './suite-command.ts';
import { hang, textWidth } from './wrap.ts';

const COLUMNS = 80;

/** What one check is about: the good state, why it matters, what it looks at and where the claim comes from. */
export function explainCheck({ id, title, severity, why, needs, wants, sources }: Check, program = 'passcheck'): string {
  const lines = [
    `${id}${' '.repeat(Math.max(2, COLUMNS - textWidth(id) - severity.length))}${severity}`,
    '',
    ...hang('Wanted    ', title, COLUMNS),
    ...hang('Why       ', why, COLUMNS),
    ...hang('Looks at  ', looksAt(needs, wants), COLUMNS),
    ...sources.flatMap((source, index) => hang(index === 0 ? 'Sources   ' : '          ', source, COLUMNS)),
    ...hang('Severity  ', SEVERITY_MEANS[severity], COLUMNS),
    fixLine(id, wants.length > 0, program),
  ];
  return `${lines.join('\n')}\n`;
}

function fixLine(id: string, looksAtHost: boolean, program: string): string {
  const suite = id.slice(0, id.indexOf('/'));
  const [what, name] = suite === 'domain' ? ['this definition', looksAtHost ? ' FILE --host' : ' FILE'] : ['this host', ''];
  return `The fix   for exactly ${what}: ${program} ${suiteCommand(suite)}${name} --only ${shortId(id)}`;
}

function looksAt(needs: readonly string[], wants: readonly string[]): string {
  if (needs.includes('lintedDomains'))
    return ['the definition', ...(wants.length === 0 ? [] : [`facts of the host: ${wants.join(', ')}`])].join('; ');
  const wanted = wants.length === 0 ? '' : `; where they can be had: ${wants.join(', ')}`;
  return `facts of the host: ${needs.join(', ')}${wanted}`;
}

const SEVERITY_MEANS = {
  blocker: 'a failure makes the verdict NO-GO; not being able to look makes it INCONCLUSIVE',
  major: 'a failure is listed, and decides the verdict with --strict only',
  minor: 'a failure is listed, and never decides the verdict',
  info: 'a failure is told, nothing more',
} as const;

/** Every check by room: id, severity and the good state. */
export function listChecks(checks: readonly Check[], program = 'passcheck'): string {
  const rooms = new Map<string, Check[]>();
  for (const check of checks) {
    const room = check.id.slice(0, check.id.lastIndexOf('/'));
    rooms.set(room, [...(rooms.get(room) ?? []), check]);
  }
  const lines = [...rooms].flatMap(([room, inRoom]) => ['', room, ...inRoom.flatMap((check) => listed(check))]);
  return `${lines.slice(1).join('\n')}\n\n${checks.length === 1 ? '1 check' : `${checks.length} checks`}. More about one: ${program} explain ID\n`;
}

function listed({ id, severity, title }: Check): string[] {
  const name = id.slice(id.lastIndexOf('/') + 1);
  const prefix = `  ${name.padEnd(22)} ${severity.padEnd(8)} `;
  return hang(prefix, title, COLUMNS);
}

function shortId(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
