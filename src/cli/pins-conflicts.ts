import { UsageError } from '../usage-error.ts';
import { isPath } from './domain-input.ts';
import { fixedName } from './fixed-domain.ts';
import { realPath } from './real-path.ts';

/** What was asked of `passcheck pins` that can contradict itself. */
interface Options {
  readonly domain?: string;
  readonly into?: string;
  readonly diff?: boolean;
  readonly format?: string;
  readonly out?: string;
}

/** Refuses options that do not go together, before anything is looked at or written. */
export function refusePinsConflicts({ domain, into, diff = false, format, out }: Options): void {
  if (domain !== undefined && into !== undefined) throw new UsageError('--domain and --into name the same thing: give one of them');
  if (diff && into === undefined) throw new UsageError('--diff shows what --into would change: name a definition with --into');
  if (diff && format !== undefined) throw new UsageError(`--diff prints a difference, no plan: leave out --format ${format}`);
  refuseOverwriting(into ?? domain, out);
  if (into === '-' && !diff && (out === '-' || (format !== undefined && out === undefined)))
    throw new UsageError('--into - prints the definition: for the plan name a file with --out');
}

function refuseOverwriting(definition: string | undefined, out: string | undefined): void {
  if (definition === undefined || definition === '-' || out === undefined || out === '-') return;
  if (isPath(definition)) {
    if (realPath(definition) === realPath(out))
      throw new UsageError(`--out ${out} is the definition itself: name another file for the plan`);
  } else if (realPath(fixedName(definition)) === realPath(out)) {
    throw new UsageError(`--out ${out} is where the changed definition goes: name another file for the plan`);
  }
}
