import type { Plan } from '../provision/plan/model.ts';
import { planSchema } from '../provision/plan/model.ts';
import { renderPlanText } from '../provision/plan/plan-text.ts';
import { safeJson } from '../report/json.ts';
import type { Io } from './io.ts';
import { formatByEnding, outputStyle } from './output-style.ts';

/** What `--format` of a plan can say. */
export const PLAN_FORMATS = ['terminal', 'json'] as const;
/** One of {@link PLAN_FORMATS}. */
export type PlanFormat = (typeof PLAN_FORMATS)[number];

export interface PlanOutputOptions {
  readonly format?: PlanFormat;
  readonly out?: string;
  readonly color: boolean;
}

const ENDINGS: Readonly<Record<string, PlanFormat>> = { json: 'json', plan: 'json' };

/** The format of `--format`, else of the ending of `--out`. Throws a `UsageError` for an ending that no format has. */
export function planFormat({ format, out }: Pick<PlanOutputOptions, 'format' | 'out'>): PlanFormat {
  return format ?? formatByEnding(out, ENDINGS) ?? 'terminal';
}

/** A plan as `apply --plan` reads it: its keys in the order of the schema, the same bytes for the same plan. */
export function planJson(plan: Plan): string {
  return `${safeJson(planSchema.parse(plan))}\n`;
}

/** A plan in the format that is asked for. */
export function renderPlan(plan: Plan, options: PlanOutputOptions, io: Pick<Io, 'stdoutIsTerminal' | 'stdoutColumns'>): string {
  return planFormat(options) === 'json' ? planJson(plan) : renderPlanText(plan, outputStyle(options, io));
}
