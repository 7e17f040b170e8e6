import { styleText } from 'node:util';

import { groupedBy } from '../../grouped.ts';
import { oneLine } from '../../report/sanitize.ts';
import { hang, shorten, wrap } from '../../report/wrap.ts';
import { changeText } from './change-words.ts';
import type { Action, Change, Plan, PlannedObject, Remark } from './model.ts';
import { summaryLine } from './plan-summary.ts';

/** How a plan is shown on a terminal. */
export interface PlanTextOptions {
  readonly colour: boolean;
  /** Lines are wrapped to them; commands never are. */
  readonly columns: number;
}

const COLOURS = {
  '+': ['green'],
  '~': ['yellow'],
  '-': ['red'],
  refused: ['bold', 'red'],
  bold: ['bold'],
  faint: ['dim'],
} as const;

type Paint = (name: keyof typeof COLOURS, text: string) => string;

interface Style {
  readonly columns: number;
  readonly paint: Paint;
}

/** More of an object are counted: JSON has them all. */
const MOST_LINES = 60;

/** A plan for people: what is in the way, what is done with which object and why, what waits, what is to be known, and a sum. */
export function renderPlanText(plan: Plan, { colour, columns }: PlanTextOptions): string {
  // `validateStream` would make the colour depend on this process, not on the option.
  const paint: Paint = (name, text) => (colour ? styleText([...COLOURS[name]], text, { validateStream: false }) : text);
  const style: Style = { columns, paint };
  const blocks = [
    ...(plan.refused.length === 0 ? [] : [refusedLines(plan.refused, style)]),
    ...(plan.actions.length === 0 ? [] : [actionLines(plan.actions, style)]),
    ...(plan.pending.length === 0 ? [] : [pendingLines(plan.pending, style)]),
    ...(plan.notes.length === 0 ? [] : [noteLines(plan.notes, style)]),
    wrap(safe(summaryLine(plan)), columns).map((line) => paint('bold', line)),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const KIND_WORDS = { network: 'network', pool: 'pool', volume: 'volume', domain: 'VM' } as const;

/** `VM DC01`; what is about no object is about the host. */
export function objectWords(object: PlannedObject | null): string {
  return object === null ? 'this host' : `${KIND_WORDS[object.kind]} ${object.name}`;
}

function refusedLines(refused: readonly Remark[], style: Style): string[] {
  const words = `nothing is done before ${refused.length === 1 ? 'this is' : 'these are'} put right:`;
  const [first = '', ...rest] = hang('REFUSED  ', words, style.columns);
  return [
    style.paint('refused', 'REFUSED') + first.slice('REFUSED'.length),
    ...rest,
    ...refused.flatMap((remark) => remarkLines('✗', 'refused', remark, style)),
  ];
}

function noteLines(notes: readonly Remark[], style: Style): string[] {
  return [style.paint('bold', 'Noted'), ...notes.flatMap((remark) => remarkLines('·', 'faint', remark, style))];
}

function remarkLines(glyph: string, colour: 'refused' | 'faint', { object, message, fix }: Remark, { columns, paint }: Style): string[] {
  const [first = '', ...rest] = hang(`  ${glyph} `, safe(`${objectWords(object)}: ${message}`), columns);
  return [`  ${paint(colour, glyph)}${first.slice(2 + glyph.length)}`, ...rest, ...(fix === null ? [] : fixLines(fix, columns))];
}

/** A command at the end of a fix stays in one piece, to be copied. */
function fixLines(fix: string, columns: number): string[] {
  const [, words = fix, command] = /^(.*?:) ((?:virsh|passcheck|df|rm) .*)$/s.exec(fix) ?? [];
  return [...hang('    → ', safe(words), columns), ...(command === undefined ? [] : [`        ${safe(command)}`])];
}

function actionLines(actions: readonly Action[], style: Style): string[] {
  return [...groupedBy(actions, ({ object }) => `${object.kind} ${object.name}`).values()].flatMap((own) => objectLines(own, style));
}

/** `+`: it is made; `-`: it goes away; `~`: it is there, and becomes different. */
function signOf(actions: readonly Action[]): '+' | '~' | '-' {
  if (actions.some(({ verb }) => verb === 'remove')) return '-';
  return actions.some(({ verb }) => verb === 'create') ? '+' : '~';
}

function objectLines(actions: readonly Action[], { columns, paint }: Style): string[] {
  const sign = signOf(actions);
  const plain = actions.filter(({ changes }) => changes.length === 0).map(({ summary }) => summary);
  const title = objectWords(actions[0]?.object ?? null);
  const [first = '', ...rest] = hang(`${sign} `, safe(plain.length === 0 ? title : `${title}: ${plain.join('; ')}`), columns);
  const changes = actions.flatMap((action) => action.changes);
  return [paint(sign, sign) + first.slice(1), ...rest, ...changeLines(changes, columns)];
}

function pendingLines(pending: Plan['pending'], { columns, paint }: Style): string[] {
  return [
    paint('bold', 'Waits for the next start'),
    ...pending.flatMap(({ object, changes }) => [
      ...hang('  ', safe(objectWords(object)), columns),
      ...changeLines(changes, columns, false),
    ]),
  ];
}

function changeLines(changes: readonly Change[], columns: number, tellsEffect = true): string[] {
  const lines = changes.slice(0, MOST_LINES).flatMap((change) => hang('    ', safe(changeText(change, tellsEffect)), columns));
  const more = changes.length - MOST_LINES;
  return more > 0 ? [...lines, `    and ${more} more (--format json)`] : lines;
}

function safe(text: string): string {
  return oneLine(shorten(text, 2000));
}
