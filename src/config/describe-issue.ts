import { nearest } from '../nearest.ts';

/** The part of a zod issue that is used here. */
export interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly expected?: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly minimum?: number | bigint;
  readonly format?: string;
  readonly errors?: readonly (readonly Issue[])[];
  readonly input?: unknown;
}

/** One problem of a configuration: where it is, and what is wrong with the value there. */
export interface Described {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** The key itself is wrong, not its value. */
  readonly isAboutKey: boolean;
}

/** What messages about one kind of file need. */
export interface FileWords {
  /** What such a file is: `configuration`. */
  readonly one: string;
  /** Keys that it may have, by the key that they stand under; in a list by `*`: `criteria.*`. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** What one of a list is called, by the name of the list: `criterion` of `criteria`. */
  readonly singular?: Readonly<Record<string, string>>;
}

/** What zod found in `given`, in words for the person who wrote the file. */
export function describeIssue(issue: Issue, words: FileWords, given: unknown): Described[] {
  if (issue.code === 'unrecognized_keys') return (issue.keys ?? []).map((key) => unknownKey(issue.path, key, words));
  if (issue.code === 'invalid_union') return describeUnion(issue, words, given);
  const subject = issue.path.length === 0 ? `the ${words.one}` : placeWords(issue.path, words);
  const wrong = isMissing(given, issue.path) ? 'is missing' : complaint(issue);
  return [{ path: issue.path, message: `${subject} ${wrong}`, isAboutKey: false }];
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

function unknownKey(path: readonly PropertyKey[], key: string, { keys }: FileWords): Described {
  const known = keys[path.map((part) => (typeof part === 'number' ? '*' : String(part))).join('.')] ?? [];
  const meant = nearest(key, known);
  const hint = meant === undefined ? `known: ${known.join(', ')}` : `did you mean "${meant}"?`;
  return { path: [...path, key], message: `unknown key ${JSON.stringify(key)} (${hint})`, isAboutKey: true };
}

/** A union fails in each of its forms: the form is meant in which the value itself has the right type. */
function describeUnion({ path, errors = [] }: Issue, words: FileWords, given: unknown): Described[] {
  const forms = errors.map((issues) => issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })));
  const meant = forms.find((issues) => !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === path.length));
  return (meant ?? forms[0] ?? []).flatMap((issue) => describeIssue(issue, words, given));
}

function complaint({ code, expected, values, minimum, format, message }: Issue): string {
  if (code === 'invalid_type') return `has to be ${TYPES[expected ?? ''] ?? expected ?? 'something else'}`;
  if (code === 'invalid_value') return `has to be one of ${(values ?? []).map(String).join(', ')}`;
  if (code === 'too_small') return typeof minimum === 'number' && minimum > 0 ? 'must not be empty' : `has to be more than ${minimum}`;
  if (code === 'too_big') return 'is too large';
  if (code === 'invalid_format' && format === 'regex') return `has to be ${message}`;
  return 'cannot be used';
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
