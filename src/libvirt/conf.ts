/** One value of a libvirt configuration file. */
type ConfValue = string | number | readonly ConfValue[];

export interface ConfSetting {
  readonly name: string;
  readonly value: ConfValue;
  /** 1 for the first. */
  readonly line: number;
}

/** A parsed configuration file. With a problem libvirt refuses the whole file, and the driver does not start. */
export interface LibvirtConf {
  readonly settings: readonly ConfSetting[];
  readonly problem: { readonly line: number; readonly message: string } | null;
}

const MAX_DEPTH = 8;

class Syntax extends Error {}

interface Cursor {
  readonly text: string;
  at: number;
}

/**
 * Parses `name = value` files as libvirt's virConf does: strings in ', " or """, numbers, lists over several lines,
 * comments only where a statement may begin or after a value (not inside a list), `;` or a line end between statements.
 * https://gitlab.com/libvirt/libvirt/-/blob/master/src/util/virconf.c
 */
export function parseLibvirtConf(text: string): LibvirtConf {
  const cursor: Cursor = { text, at: 0 };
  const settings: ConfSetting[] = [];
  const lines = lineCounter(text);
  try {
    for (skip(cursor, BLANK_OR_END); cursor.at < text.length; skip(cursor, BLANK_OR_END)) {
      if (text[cursor.at] === '#') skipComment(cursor);
      else settings.push({ line: lines(cursor.at), ...parseStatement(cursor) });
      parseSeparator(cursor);
    }
  } catch (error) {
    if (!(error instanceof Syntax)) throw error;
    return { settings, problem: { line: lines(cursor.at), message: error.message } };
  }
  return { settings, problem: null };
}

const BLANK = /[ \t]*/y;
const BLANK_OR_END = /[ \t\r\n]*/y;
const COMMENT = /[^\r\n]*/y;
const NAME = /[A-Za-z][A-Za-z0-9_]*/y;
const NUMBER = /[+-]?\d+/y;
const STRING = /"""([^]*?)"""|"([^"\r\n]*)"|'([^'\r\n]*)'/y;

function parseStatement(cursor: Cursor): { name: string; value: ConfValue } {
  const name = take(cursor, NAME)?.[0];
  if (name === undefined) throw new Syntax('expecting a name');
  skip(cursor, BLANK);
  if (cursor.text[cursor.at] !== '=') throw new Syntax('expecting an assignment');
  cursor.at += 1;
  const value = parseValue(cursor, 0);
  skip(cursor, BLANK);
  if (cursor.text[cursor.at] === '#') skipComment(cursor);
  return { name, value };
}

function parseValue(cursor: Cursor, depth: number): ConfValue {
  skip(cursor, BLANK);
  const first = cursor.text[cursor.at];
  if (first === '"' || first === "'") {
    const match = take(cursor, STRING);
    if (match === null) throw new Syntax('unterminated string');
    return match[1] ?? match[2] ?? match[3] ?? '';
  }
  if (first === '[' && depth < MAX_DEPTH) return parseList(cursor, depth);
  const number = take(cursor, NUMBER);
  if (number === null) throw new Syntax('expecting a value');
  return Number(number[0]);
}

function parseList(cursor: Cursor, depth: number): ConfValue[] {
  const values: ConfValue[] = [];
  cursor.at += 1;
  for (skip(cursor, BLANK_OR_END); cursor.text[cursor.at] !== ']'; skip(cursor, BLANK_OR_END)) {
    if (cursor.at >= cursor.text.length) throw new Syntax('list is not closed with ]');
    if (values.length > 0) {
      if (cursor.text[cursor.at] !== ',') throw new Syntax('expecting a separator in list');
      cursor.at += 1;
      skip(cursor, BLANK_OR_END);
      if (cursor.text[cursor.at] === ']') break;
    }
    values.push(parseValue(cursor, depth + 1));
  }
  cursor.at += 1;
  return values;
}

function parseSeparator(cursor: Cursor): void {
  skip(cursor, BLANK);
  const next = cursor.text[cursor.at];
  if (next === undefined || next === '\n' || next === '\r') return;
  if (next !== ';') throw new Syntax('expecting a separator');
  cursor.at += 1;
}

function skipComment(cursor: Cursor): void {
  skip(cursor, COMMENT);
}

function skip(cursor: Cursor, pattern: RegExp): void {
  take(cursor, pattern);
}

function take(cursor: Cursor, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (match !== null) cursor.at = pattern.lastIndex;
  return match;
}

/** Line numbers of ascending positions, in one walk over the text. */
function lineCounter(text: string): (position: number) => number {
  let line = 1;
  let counted = 0;
  return (position) => {
    for (; counted < position; counted += 1) if (text[counted] === '\n') line += 1;
    return line;
  };
}

/** The value of a setting: libvirt takes the first of several. Undefined when it is not set. */
function confValue({ settings }: Pick<LibvirtConf, 'settings'>, name: string): ConfValue | undefined {
  return settings.find((setting) => setting.name === name)?.value;
}

/** A setting that is one word, number or string; null when it is not set or a list. */
export function confText(conf: Pick<LibvirtConf, 'settings'>, name: string): string | null {
  const value = confValue(conf, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

/** The strings of a list setting (a lone string is a list of one); null when it is not set. */
export function confList(conf: Pick<LibvirtConf, 'settings'>, name: string): string[] | null {
  const value = confValue(conf, name);
  if (value === undefined) return null;
  const values = typeof value === 'object' ? value : [value];
  return values.filter((entry) => typeof entry === 'string');
}
