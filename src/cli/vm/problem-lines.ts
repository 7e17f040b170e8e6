import { oneLine } from '../../report/sanitize.ts';
import { hang } from '../../report/wrap.ts';
import type { Problem } from '../../vm/problem.ts';
import type { Io } from '../io.ts';

const COLUMNS = 80;
/** A command at the end of a fix stays in one piece, to be copied. */
const WITH_COMMAND = /^(.{1,200}?:) ((?:virsh|passcheck|qemu-img|namei|free|systemctl|journalctl) [^;]{1,4000})$/;

/** Says on standard error what is wrong with something, and what to do. */
export function tellProblems(io: Pick<Io, 'note'>, what: string, problems: readonly Problem[]): void {
  for (const line of problems.flatMap((problem) => problemLines(what, problem))) io.note(line);
}

/** `win11: vda is raw …`, and the fix below it. */
export function problemLines(what: string, { message, fix }: Problem): readonly string[] {
  const told = hang('', oneLine(`${what}: ${message}`), COLUMNS);
  if (fix === null) return told;
  const [, words, command] = WITH_COMMAND.exec(oneLine(fix)) ?? [];
  if (words === undefined || command === undefined) return [...told, ...hang('  → ', oneLine(fix), COLUMNS)];
  return [...told, ...hang('  → ', words, COLUMNS), `      ${command}`];
}
