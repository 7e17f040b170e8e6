import type { Report } from '../report/model.ts';
import { commandFor } from './commands.ts';
import { MACHINE_CONDITIONS } from './conditions.ts';
import type { EnvironmentWish } from './model.ts';
import { type Judged, NOT_YET } from './verdicts.ts';

/** Does the description of the machine show what this condition stands for? */
export function judgeMachine(name: string, report: Report): Judged {
  const { machine } = report;
  const by = [`machine/${name}`];
  if (machine === undefined) return undescribed(by, report);
  const answer = MACHINE_CONDITIONS[name]?.(machine);
  if (answer === undefined) return { state: 'could-not-look', message: `passcheck knows no condition ${name}`, next: null, by };
  return { state: answer.state, message: answer.message, next: answer.next ?? null, by };
}

/** Every row of this name has to say it: reports that were put together can have several. */
export function judgeEnvironment({ name, is, has }: EnvironmentWish, report: Report): Judged {
  const { machine } = report;
  const by = [`environment/${name}`];
  if (machine === undefined) return undescribed(by, report);
  const values = machine.environment.filter((row) => row.name === name).map(({ value }) => value);
  if (values.length === 0) return { state: 'could-not-look', message: `the report does not say: ${name}`, next: null, by };
  const wrong = values.find((value) => (is === undefined ? !hasWords(value, has ?? '') : value !== is));
  if (wrong !== undefined)
    return {
      state: 'failed',
      message: `${name} is "${wrong}", ${is === undefined ? `without "${has ?? ''}"` : `not "${is}"`}`,
      next: null,
      by,
    };
  return { state: 'met', message: `${name}: ${[...new Set(values)].join(', ')}`, next: null, by };
}

/** Whole words: `virbr56` is no part of `virbr560`, nor `default` of `default-2`. */
function hasWords(value: string, wanted: string): boolean {
  for (let at = value.indexOf(wanted); at !== -1; at = value.indexOf(wanted, at + 1)) {
    const isWhole = !PART_OF_WORD.test(value[at - 1] ?? ' ') && !PART_OF_WORD.test(value[at + wanted.length] ?? ' ');
    if (isWhole) return true;
  }
  return false;
}

const PART_OF_WORD = /[\p{L}\p{N}_.-]/u;

function undescribed(by: readonly string[], report: Report): Judged {
  const next = `${commandFor([], null, report)} --format json`;
  return { state: 'not-measured', message: `${NOT_YET}the report does not describe the machine`, next, by, waits: 'command' };
}
