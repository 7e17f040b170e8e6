import type { Report } from '../report/model.ts';
import { commandFor, forMachine } from './commands.ts';
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
  return { state: answer.state, message: answer.message, next: answer.next === undefined ? null : forMachine(answer.next, report), by };
}

/** Every row of this name has to say it: reports that were put together can have several. */
export function judgeEnvironment({ name, is, has }: EnvironmentWish, report: Report): Judged {
  const { machine } = report;
  const by = [`environment/${name}`];
  if (machine === undefined) return undescribed(by, report);
  const values = machine.environment.filter((row) => row.name === name).map(({ value }) => value);
  if (values.length === 0) return { state: 'could-not-look', message: `the report does not say: ${name}`, next: null, by };
  const wrong = values.find((value) => (is === undefined ? !value.includes(has ?? '') : value !== is));
  if (wrong !== undefined)
    return {
      state: 'failed',
      message: `${name} is "${wrong}", ${is === undefined ? `without "${has ?? ''}"` : `not "${is}"`}`,
      next: null,
      by,
    };
  return { state: 'met', message: `${name}: ${[...new Set(values)].join(', ')}`, next: null, by };
}

function undescribed(by: readonly string[], report: Report): Judged {
  const next = `${commandFor([], null, report)} --format json`;
  return { state: 'not-measured', message: `${NOT_YET}the report does not describe the machine`, next, by };
}
