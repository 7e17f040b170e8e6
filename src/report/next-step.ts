import { shellWord } from '../remedy/shell-word.ts';
import type { Report, Result } from './model.ts';
import { isNotRecorded, shortIds } from './not-recorded.ts';
import { findings, findingsOf, isDecisive, withStatus } from './order.ts';
import { partsWords } from './parts.ts';
import { phaseWords, withoutPhase } from './phase-next.ts';
import { suiteCommand } from './suite-command.ts';
import { shorten } from './wrap.ts';

/** Who reads the report, and how. */
export interface Reader {
  /** How passcheck is typed here: `passcheck`, `npx passcheck`. */
  readonly program: string;
  /** Root sees everything already. */
  readonly isRoot: boolean;
  /** The report was stored: who reads it typed none of its options just now. */
  readonly isStored?: boolean;
}

/** What the person does now, in a few lines. */
export function nextStep(given: Report, reader: Reader): string[] {
  const report = withoutPhase(given);
  return [
    ...phaseWords(given, reader.program),
    ...verdictWords(report, reader),
    ...fixWords(report, reader),
    ...unjudgedWords(report),
    ...fixingWords(report, reader),
    ...explainWords(report, reader),
  ];
}

/** Of which times the results are, what was not judged for want of a host or a tool, and what would judge it. */
export function unjudgedWords(report: Report): string[] {
  return [...partsWords(report), ...hostWords(report), ...schemaWords(report)];
}

/** What a person must know to do what the fixes say. */
export function fixingWords(report: Report, reader: Reader): string[] {
  return [...shellWords(report), ...hiddenWords(report, reader)];
}

function verdictWords(report: Report, reader: Reader): string[] {
  switch (report.verdict) {
    case 'GO':
      return [goWords(report)];
    case 'NO-GO':
      return [`Next: mend the ${report.strict === true ? 'blockers and majors' : 'blockers'} above, then run ${again(report, reader)}.`];
    case 'INCONCLUSIVE':
      return inconclusiveWords(report);
  }
}

function goWords(report: Report): string {
  const { selection, counts } = report;
  const majors = findingsOf(report, 'fail').filter(({ severity }) => severity === 'major').length;
  if (majors > 0) {
    const among = selection === undefined ? '' : ` among ${selection.checks} of ${selection.of} checks`;
    const advice = majors === 1 ? 'the major finding too: it' : `the ${majors} major findings too: some of them`;
    const effect = report.suite === 'domain' ? 'can cost speed, or a start' : 'can keep the VM from starting';
    return `No blocker${among}. Mend ${advice} ${effect}.`;
  }
  const scope = selection === undefined ? '' : `, as far as ${selected(selection)} can tell`;
  return `Nothing stands in the way${scope}${counts.fail === 0 ? '.' : '; what is listed above is worth mending.'}`;
}

function selected({ checks, of }: NonNullable<Report['selection']>): string {
  return checks === 1 ? `this one of ${of} checks` : `these ${checks} of ${of} checks`;
}

function inconclusiveWords(report: Report): string[] {
  const undecided = undecidedResults(report);
  const [first] = undecided;
  if (first === undefined) return ['Nothing was judged: this is no GO.'];
  const ids = shortIds(undecided);
  const what = ids.length === 1 ? `${first.id} was` : `${ids.length} of them were`;
  const how = undecided.every(({ status }) => status === 'skipped') ? 'left out' : 'not looked at';
  return [
    `No ${report.strict === true ? 'blocker or major' : 'blocker'} failed, but ${what} ${how}: this is no GO.`,
    `Next, ${toDecide(report, first)}`,
  ];
}

/** What leaves the verdict open, the first to see to first. */
export function undecidedResults(report: Report): Result[] {
  return [...findingsOf(report, 'error'), ...withStatus(report, 'skipped')].filter((result) => isDecisive(report, result));
}

/** What would decide a result that leaves the verdict open. */
export function toDecide(report: Report, result: Result): string {
  const { id, remedy, status, evidence } = result;
  if (status === 'skipped') return `for ${id}: run it without --skip.`;
  if (isNotRecorded(report, result))
    return `for ${id}: look at the host itself, or at a recording that holds ${evidence[0]?.source ?? 'it'}.`;
  return `for ${id}: ${remedy === null ? `look at ${evidence[0]?.source ?? 'what it needs'} by hand` : shorten(remedy.summary, 400)}`;
}

/** How many findings `passcheck lint --fix` would mend. */
export function fixableCount(report: Report): number {
  return withStatus(report, 'fail').filter(({ edits }) => edits !== undefined).length;
}

function fixWords(report: Report, { program, isStored = false }: Reader): string[] {
  const count = fixableCount(report);
  if (count > 0 && isStored) return [`Of these, ${program} lint --fix mends ${count}; --diff in its place shows how, and changes nothing.`];
  return count === 0 ? [] : [`Of these, --fix mends ${count}; --diff shows how, and changes nothing.`];
}

/** Without the options of the first time (--host, --guest) a definition would be judged by fewer rules. */
function again({ suite, subject: { domain } }: Report, { program, isStored = false }: Reader): string {
  if (isStored && (suite === 'domain' || suite.includes(' + '))) {
    const commands = [...new Set(suite.split(' + '))].map(
      (part) => `${program} ${suiteCommand(part)}${part === 'domain' && domain !== null ? ` ${shellWord(domain)}` : ''}`,
    );
    return `${commands.join(' and ')} again`;
  }
  return suite === 'domain' || suite.includes(' + ') ? 'the same again' : `${program} ${suiteCommand(suite)} again`;
}

/** How many rules said nothing for want of a host. */
export function needsHostCount(report: Report): number {
  const rules = withStatus(report, 'not-applicable').filter(({ message }) => message?.startsWith('no host facts') === true);
  return new Set(rules.map(({ id }) => id)).size;
}

function hostWords(report: Report): string[] {
  const count = needsHostCount(report);
  if (count === 0) return [];
  const rulesNeed = count === 1 ? '1 rule needs' : `${count} rules need`;
  return [`${rulesNeed} the host and said nothing: --host judges against this machine, --from against a recorded one.`];
}

/** Without the tool there is nothing else that tells that the schema was not asked. */
function schemaWords(report: Report): string[] {
  const unasked = withStatus(report, 'not-applicable').find(
    ({ message }) => message?.startsWith('virt-xml-validate is not installed') === true,
  );
  return unasked === undefined ? [] : ["virt-xml-validate is not installed here: libvirt's own schema was not asked."];
}

function shellWords(report: Report): string[] {
  if (report.suite === 'domain') return [];
  const hasCommands = findingsOf(report, 'fail').some(({ remedy }) => remedy?.steps?.some(({ run }) => run !== undefined) === true);
  return hasCommands ? ['The commands in the fixes are for a root shell.'] : [];
}

/** What an ordinary user cannot see: refused, and root would see it. */
function hiddenWords(report: Report, { program, isRoot }: Reader): string[] {
  const hidden = shortIds(findingsOf(report, 'error').filter(isHidden));
  const { recorded = false, suite } = report;
  if (hidden.length === 0 || (isRoot && !recorded)) return [];
  const command = recorded ? `record the host as root: sudo ${program} snapshot OUT` : `sudo ${program} ${suiteCommand(suite)}`;
  const whom = recorded ? 'Hidden from the user who recorded it' : 'Hidden from this user';
  return [`${whom}: what ${hidden.join(', ')} ${hidden.length === 1 ? 'needs' : 'need'}. To see it: ${command}`];
}

function isHidden({ message, evidence, remedy }: Result): boolean {
  const said = [message ?? '', ...evidence.map(({ observed }) => observed)].join(' ');
  return /\broot\b/.test(remedy?.summary ?? '') && /denied|not permitted|\bonly root\b|\bneeds root\b/i.test(said);
}

/** The check that decides the verdict; where none does, the first that is not good. */
function explainWords(report: Report, { program }: Reader): string[] {
  const [undecided] = report.verdict === 'INCONCLUSIVE' ? undecidedResults(report) : [];
  const first = undecided ?? findingsOf(report, 'fail')[0] ?? findings(report)[0];
  return first === undefined ? [] : [`More about a check: ${program} explain ${first.id}`];
}
