import { type Connection, ConnectionError } from '../../libvirt/connection.ts';
import { virshComplaint } from '../../libvirt/virsh.ts';

/** What one virsh command of a batch printed. */
export interface Answer {
  /** As a person can type it after `virsh`. */
  readonly command: string;
  readonly stdout: string;
  /** What virsh complained of, in one line; null: nothing. Each command's own, so a refusal is never taken for an empty list. */
  readonly complaint: string | null;
}

/** Commands that only read, and what their answers (as many, in the same order) say. */
export interface Question<Value> {
  readonly commands: readonly string[];
  read(this: void, answers: readonly Answer[]): Value;
}

export function question<Value>(commands: readonly string[], read: (answers: readonly Answer[]) => Value): Question<Value> {
  return { commands, read };
}

/** Two questions as one. */
export function both<One, Other>(one: Question<One>, other: Question<Other>): Question<readonly [One, Other]> {
  const cut = one.commands.length;
  return question([...one.commands, ...other.commands], (answers) => [one.read(answers.slice(0, cut)), other.read(answers.slice(cut))]);
}

/** Any number of questions as one. */
export function each<Value>(questions: readonly Question<Value>[]): Question<readonly Value[]> {
  const commands = questions.flatMap((asked) => asked.commands);
  return question(commands, (answers) => {
    let from = 0;
    return questions.map((asked) => asked.read(answers.slice(from, (from += asked.commands.length))));
  });
}

/** The kernel takes 128 KiB for one argument. */
const ARGUMENT_LIMIT = 120 * 1024;
/** Definitions have 5 to 30 kB, and a process may print 16 MiB. */
const COMMANDS_LIMIT = 500;

/** Asks in one process, or in as few as can be; throws a `ConnectionError` when libvirt did not answer each command. */
export async function ask<Value>(connection: Connection, asked: Question<Value>): Promise<Value> {
  const answers: Answer[] = [];
  for (const commands of processes(asked.commands)) {
    // oxlint-disable-next-line no-await-in-loop -- libvirtd answers a client at a time, and two processes would be no faster
    const { stdout, stderr } = await connection.run([batchOf(commands)]);
    const outputs = sections(stdout, OUTPUT_MARK, commands.length);
    const complaints = sections(stderr, ERROR_MARK, commands.length);
    if (outputs === null || complaints === null) {
      const hint = `Run it by hand and look at what it prints: virsh -c ${connection.uri} list --all`;
      throw new ConnectionError(`virsh printed something else than ${connection.uri} was asked for`, hint);
    }
    answers.push(...commands.map((command, index) => answer(command, outputs[index] ?? '', complaints[index] ?? '')));
  }
  return asked.read(answers);
}

function answer(command: string, stdout: string, stderr: string): Answer {
  return { command, stdout, complaint: stderr.trim() === '' ? null : virshComplaint(stderr) };
}

function processes(commands: readonly string[]): readonly (readonly string[])[] {
  const found: string[][] = [];
  let room = 0;
  for (const command of commands) {
    const bytes = Buffer.byteLength(command) + MARKS_BYTES;
    const current = found.at(-1);
    if (current === undefined || bytes > room || current.length === COMMANDS_LIMIT) {
      found.push([command]);
      room = ARGUMENT_LIMIT - bytes;
    } else {
      current.push(command);
      room -= bytes;
    }
  }
  return found;
}

/** U+0001 is in no XML document, and libvirt's tables escape it. `echo` of virsh ends no line; `--err` says `error: ` before it. */
function batchOf(commands: readonly string[]): string {
  return commands.map((command, index) => `echo "\n${MARK}=${index}=\n"; echo --err "${MARK}=${index}="; ${command}`).join('; ');
}

const MARK = '\u0001';
const OUTPUT_MARK = new RegExp(`\\n${MARK}=(\\d{1,4})=\\n`);
const ERROR_MARK = new RegExp(`(?:^|\\n)error: ${MARK}=(\\d{1,4})=(?=\\n|$)`);
const MARKS_BYTES = 50;

/** What stands after each mark; null when the marks are not exactly those asked for, in that order. */
function sections(text: string, mark: RegExp, count: number): readonly string[] | null {
  const [, ...parts] = text.split(mark);
  const marks = parts.filter((_, index) => index % 2 === 0);
  if (marks.length !== count || marks.some((number, index) => number !== String(index))) return null;
  return parts.filter((_, index) => index % 2 === 1);
}

/** A word of virsh's own language, which is like a shell's; null when it cannot be written in it. */
export function batchWord(text: string): string | null {
  // oxlint-disable-next-line no-control-regex -- libvirt names no file with one, and virsh would end the command at a line's end
  return /[\u0000-\u001F\u007F]/.test(text) ? null : `'${text.replaceAll("'", "'\\''")}'`;
}
