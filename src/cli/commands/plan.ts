import { type Command, Option } from 'commander';

import { ConnectionError } from '../../libvirt/connection.ts';
import type { Plan } from '../../provision/plan/model.ts';
import { planApply } from '../../provision/plan/plan-apply.ts';
import type { Io } from '../io.ts';
import { writeOutput } from '../output-file.ts';
import { PLAN_FORMATS, planFormat, type PlanOutputOptions, renderPlan } from '../plan-output.ts';
import { withProgress } from '../progress.ts';
import { type ProvisionRequest, provisionRequest } from '../provision-request.ts';

const EXAMPLES = `
Examples:
  $ passcheck plan lab.yaml                  what apply would do, and why
  $ passcheck plan lab.yaml --out lab.plan   keep it, for apply --plan lab.plan
  $ passcheck plan lab.yaml --format json    for programs
  $ passcheck init homelab | passcheck plan -

Nothing is changed: libvirt is only asked, and looks into its pools again.

Exit codes: 0 nothing to do · 5 there are changes to apply
            1 refused: something is in the way · 2 wrong usage, or a wrong spec
            3 libvirt did not answer · 4 a bug in passcheck`;

/** `passcheck plan`: what `apply` would do. It changes nothing. */
export function definePlan(command: Command, io: Io): void {
  command
    .description('What passcheck apply would make or change for a spec, field by field, and what is in the way. Nothing is done.')
    .argument('<spec>', 'a YAML file of passcheck init; - is standard input')
    .addOption(
      new Option('--format <format>', 'default: by the ending of --out (.plan and .json are JSON), else terminal').choices(PLAN_FORMATS),
    )
    .option('--out <file>', 'keep the plan in a file; one of JSON is what apply --plan takes')
    .option('--no-color', 'no colours, even on a terminal')
    .addHelpText('after', EXAMPLES)
    .action((spec: string, options: PlanOutputOptions) => plan(spec, options, io));
}

async function plan(path: string, options: PlanOutputOptions, io: Io): Promise<void> {
  // Wrong options are told before libvirt is asked.
  planFormat(options);
  const request = await lookedAt(path, io);
  if (request === null) return;
  const made = planApply(request);
  const { path: journal, skipped } = request.owned;
  if (skipped > 0) io.note(`${journal}: ${skipped} lines are none of passcheck and were not used`);
  io.exitCode = exitCode(made);
  deliver(made, options, io);
}

/** Null: libvirt did not answer, and that was said. */
async function lookedAt(path: string, io: Io): Promise<ProvisionRequest | null> {
  try {
    return await withProgress(io, 'asking libvirt', provisionRequest({ spec: path }));
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    io.note(`could not look: ${error.message}`);
    if (error.hint !== '') io.note(error.hint);
    io.exitCode = 3;
    return null;
  }
}

function deliver(made: Plan, options: PlanOutputOptions, io: Io): void {
  const { out } = options;
  const text = renderPlan(made, options, io);
  if (out === undefined || out === '-') {
    io.print(text);
    return;
  }
  const isJson = planFormat(options) === 'json';
  // Who keeps a plan wants to see it, too.
  if (isJson) io.print(renderPlan(made, { color: options.color }, io));
  writeOutput(out, text);
  io.note(`written to ${out}${isJson && io.exitCode === 5 ? `; do it with: passcheck apply --plan ${out}` : ''}`);
}

function exitCode({ refused, actions }: Plan): number {
  if (refused.length > 0) return 1;
  return actions.length > 0 ? 5 : 0;
}
