import type { Command } from 'commander';

import { readSmallText } from '../../config/small-text.ts';
import type { Plan } from '../../provision/plan/model.ts';
import { planApply } from '../../provision/plan/plan-apply.ts';
import { planProblem, readPlan } from '../../provision/plan/stored-plan.ts';
import { loadSpec } from '../../provision/spec/load.ts';
import { UsageError } from '../../usage-error.ts';
import type { Io } from '../io.ts';
import { type ChangeOptions, makeChange } from '../provision/change.ts';
import { CHANGE_EXIT_CODES, formatOption } from '../provision/change-options.ts';

interface ApplyOptions extends ChangeOptions {
  readonly plan?: string;
}

const EXAMPLES = `
Examples:
  $ passcheck plan lab.yaml                  what would be done, and nothing else
  $ passcheck apply lab.yaml                 do it; again, and nothing is done
  $ passcheck plan lab.yaml --out lab.plan   keep a plan that somebody looks at,
  $ passcheck apply --plan lab.plan          and do just that, or nothing

VMs that run are left running: what changes takes effect at their next start.
Cut off in the middle, run it again: it goes on from there.
${CHANGE_EXIT_CODES}`;

/** `passcheck apply`: makes what a spec asks for. */
export function defineApply(command: Command, io: Io): void {
  command
    .description('Make the networks, pools, volumes and VMs of a spec, or change them. What is there already is kept.')
    .argument('[spec]', 'a YAML file of passcheck init; - is standard input')
    .option('--plan <file>', 'do what this plan says (passcheck plan --out); refused when anything has changed since')
    .addOption(formatOption())
    .addHelpText('after', EXAMPLES)
    .action((spec: string | undefined, options: ApplyOptions) => apply(spec, options, io));
}

async function apply(path: string | undefined, options: ApplyOptions, io: Io): Promise<void> {
  if (options.plan !== undefined) return applyStored(options.plan, path, options, io);
  if (path === undefined) throw new UsageError('name a spec: passcheck init homelab > lab.yaml makes one to begin with');
  const { spec, text, name } = loadSpec(path);
  const source = { spec: name, text };
  await makeChange({ command: 'apply', connection: spec.connection, source, plan: planApply, question: null }, options, io);
}

/** Some thousand VMs. */
const PLAN_LIMIT_MIB = 64;

async function applyStored(file: string, path: string | undefined, options: ChangeOptions, io: Io): Promise<void> {
  if (path !== undefined) throw new UsageError('a plan has its spec in it: leave out the spec, or --plan');
  const stored = readPlan(file, readSmallText(file, file, 'plan', PLAN_LIMIT_MIB));
  const source = { spec: `the spec in ${file}`, text: stored.source ?? '' };
  if (stored.source === null || stored.command !== 'apply')
    throw new UsageError(`${file} is a plan of ${stored.command}: passcheck plan makes one`);
  await makeChange(
    { command: 'apply', connection: stored.connection, source, plan: planApply, problem: problemOf(stored), question: null },
    options,
    io,
  );
}

/**
 * What is done is the plan that is made now: a file that somebody wrote by hand gets nothing else done. Some of it may be done already,
 * by an apply that was cut off.
 */
function problemOf(stored: Plan): (now: Plan) => string | null {
  const planned = new Set(stored.actions.map((action) => JSON.stringify(action)));
  return (now) => {
    const isRest = now.actions.every((action) => planned.has(JSON.stringify(action)));
    return planProblem(isRest ? { ...stored, actions: now.actions } : stored, now, now.host);
  };
}
