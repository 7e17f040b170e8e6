import { nearest } from '../nearest.ts';

/** The part of a zod issue that is used here. */
export interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly expected?: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  /** What is too small or too big: `number`, `array`, `string`. */
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  /** The minimum or maximum itself is allowed. */
  readonly inclusive?: boolean;
  readonly format?: string;
  readonly errors?: readonly (readonly Issue[])[];
  /** What is wrong with a key of a record. */
  readonly issues?: readonly Issue[];
}

/** One problem of a configuration: where it is, and what is wrong with the value there. */
export interface Described {
  readonly path: readonly PropertyKey[];
  /** A function where the words take time. */
  readonly message: string | (() => string);
  /** The key itself is wrong, not its value. */
  readonly isAboutKey: boolean;
}

/** What messages about one kind of file need. */
export interface FileWords {
  /** What such a file is: `configuration`. */
  readonly one: string;
  /** Keys that it may have, by the key that they stand under; in a list, or under names of the user's own, by `*`: `criteria.*`. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** What one of a list is called, by the name of the list: `criterion` of `criteria`. */
  readonly singular?: Readonly<Record<string, string>>;
  /** What is said of keys that no such file has, and that people try; undefined for others. */
  readonly misplaced?: (key: string) => string | undefined;
}

/** What zod found in `given`, in words for the person who wrote the file. */
export function describeIssue(issue: Issue, words: FileWords, given: unknown): Described[] {
  if (issue.code === 'unrecognized_keys') return (issue.keys ?? []).map((key) => unknownKey(issue.path, key, words));
  if (issue.code === 'invalid_key') return [wrongName(issue, words)];
  if (issue.code === 'invalid_union') return describeUnion(issue, words, given);
  return [described(issue.path, isMissing(given, issue.path) ? 'is missing' : complaint(issue), words)];
}

function described(path: readonly PropertyKey[], wrong: string, words: FileWords): Described {
  const subject = path.length === 0 ? `the ${words.one}` : placeWords(path, words);
  return { path, message: `${subject} ${wrong}`, isAboutKey: false };
}

/** `criterion 1: environment 2: name`: people count from one. */
function placeWords(path: readonly PropertyKey[], { singular = {} }: FileWords): string {
  let words = '';
  for (const [index, part] of path.entries()) {
    const name = typeof path[index + 1] === 'number' ? (singular[String(part)] ?? String(part)) : String(part);
    if (typeof part === 'number') words += ` ${part + 1}`;
    else words += index === 0 ? name : `${typeof path[index - 1] === 'number' ? ': ' : '.'}${name}`;
  }
  return words;
}

/** YAML has null, and never undefined. */
function isMissing(given: unknown, path: readonly PropertyKey[]): boolean {
  let value = given;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return false;
    value = Object.getOwnPropertyDescriptor(value, part)?.value;
  }
  return value === undefined;
}

function unknownKey(path: readonly PropertyKey[], key: string, { keys, misplaced }: FileWords): Described {
  const message = (): string => {
    const said = misplaced?.(key);
    if (said !== undefined) return said;
    const known = keys[keyPlace(path, keys)] ?? [];
    const meant = nearest(key, known);
    const hint = meant === undefined ? `known: ${known.join(', ')}` : `did you mean "${meant}"?`;
    return `unknown key ${quoted(key)} (${hint})`;
  };
  return { path: [...path, key], message, isAboutKey: true };
}

/** `criteria.*`, `vms.*.nics.*`: what is no key that the file may have there is a number, or a name of the user's own. */
function keyPlace(path: readonly PropertyKey[], keys: FileWords['keys']): string {
  let place = '';
  for (const part of path) {
    const isKey = typeof part === 'string' && keys[place]?.includes(part) === true;
    place = `${place}${place === '' ? '' : '.'}${isKey ? part : '*'}`;
  }
  return place;
}

/** A name that the user gave: `vms: "my vm" has to be …` */
function wrongName({ path, issues = [] }: Issue, words: FileWords): Described {
  const above = placeWords(path.slice(0, -1), words);
  const wrong = issues[0] === undefined ? 'cannot be used' : complaint(issues[0]);
  return { path, message: `${above === '' ? '' : `${above}: `}${quoted(String(path.at(-1)))} ${wrong}`, isAboutKey: true };
}

/** A union fails in each of its forms: the form is meant in which the value itself has the right type; else none is. */
function describeUnion({ path, errors = [] }: Issue, words: FileWords, given: unknown): Described[] {
  const meant = errors.find((issues) => !issues.some(isOtherForm));
  if (meant !== undefined) return meant.flatMap((issue) => describeIssue({ ...issue, path: [...path, ...issue.path] }, words, given));
  const forms = errors.flatMap((issues) => issues.filter(isOtherForm).map((issue) => complaint(issue).replace(/^has to be /, '')));
  return [described(path, `has to be ${[...new Set(forms)].join(', or ')}`, words)];
}

function isOtherForm({ code, path }: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

/** What zod/mini says where a schema has no words of its own. */
const NO_WORDS = 'Invalid input';

function complaint(issue: Issue): string {
  const { code, expected, values = [], format, message } = issue;
  if (code === 'invalid_type')
    return `has to be ${message === NO_WORDS ? (TYPES[expected ?? ''] ?? expected ?? 'something else') : message}`;
  if (code === 'invalid_value') return `has to be ${values.length === 1 ? '' : 'one of '}${values.map(String).join(', ')}`;
  if (code === 'too_small' || code === 'too_big') return wrongSize(issue);
  if (code === 'invalid_format' && format === 'regex') return `has to be ${message}`;
  return 'cannot be used';
}

function wrongSize({ code, origin, minimum = 0, maximum = 0, inclusive = false }: Issue): string {
  const isSmall = code === 'too_small';
  if (origin === 'number' || origin === 'int') {
    if (isSmall) return `has to be ${inclusive ? 'at least' : 'more than'} ${minimum}`;
    return `has to be ${inclusive ? 'at most' : 'less than'} ${maximum}`;
  }
  if (isSmall) return 'must not be empty';
  return origin === 'array' ? `has more than ${maximum} entries` : 'is too long';
}

/** More of a word is not shown. */
function quoted(word: string): string {
  return JSON.stringify(word.slice(0, 120));
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'a table of keys and values',
  record: 'a table of keys and values',
  boolean: 'true or false',
};
