import type { Command } from 'commander';

import { checks } from '../../../suites/registry.ts';
import type { Check } from '../../engine/check.ts';
import { explainCheck, listChecks } from '../../report/explain.ts';
import { UsageError } from '../../usage-error.ts';
import type { Io } from '../io.ts';
import { programName } from '../program-name.ts';
import { suggestion } from '../suggestion.ts';

const EXAMPLES = `
Examples:
  $ passcheck explain                                  every check
  $ passcheck explain preflight/iommu/group-isolated   one check
  $ passcheck explain iommu/group-isolated             the same
  $ passcheck explain interrupt-remapping              where one room has it
  $ passcheck explain iommu                            the checks of a room

Exit codes: 0 explained · 2 there is no such check · 4 a bug in passcheck`;

/** `passcheck explain`: what a check wants, why, and where that comes from. Looks at no host. */
export function defineExplain(command: Command, io: Io): void {
  command
    .description('What a check wants, why it matters, and where that comes from. Without an ID: every check.')
    .argument('[id]', 'a check, with or without the suite, or a room')
    .addHelpText('after', EXAMPLES)
    .action((id: string | undefined) => io.print(explain(id)));
}

function explain(id: string | undefined): string {
  const program = programName(process.env);
  if (id === undefined) return listChecks(checks, program);
  const name = id.replace(/\/+$/, '');
  const named = checks.filter((check) => isNamed(check, name));
  if (named.length > 0) return explainAll(named, program);
  const room = checks.filter((check) => check.id.startsWith(`${name}/`) || withoutSuite(check).startsWith(`${name}/`));
  if (room.length > 0) return listChecks(room, program);
  const last = checks.filter((check) => check.id.endsWith(`/${name}`));
  if (new Set(last.map(withoutSuite)).size === 1) return explainAll(last, program);
  if (last.length > 0) throw new UsageError(`${last.length} checks are called ${name}: ${last.map((check) => check.id).join(', ')}`);
  throw new UsageError(
    `no check has the id ${id}${suggestion(
      name,
      checks.map((check) => check.id),
    )}`,
  );
}

/** A host and a domain can be checked for the same: both are told. */
function explainAll(named: readonly Check[], program: string): string {
  return named
    .toReversed()
    .map((check) => explainCheck(check, program))
    .join('\n');
}

function isNamed(check: Check, name: string): boolean {
  return check.id === name || withoutSuite(check) === name;
}

function withoutSuite({ id }: Check): string {
  return id.slice(id.indexOf('/') + 1);
}
