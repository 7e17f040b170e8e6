import { type Document, LineCounter, parseDocument } from 'yaml';

import { describeIssue, type FileWords, type Issue } from './describe-issue.ts';
import { placesOf } from './yaml-places.ts';
import { type Finding, structureFindings } from './yaml-structure.ts';

/** Something in a file that passcheck cannot use. Line and column count from 1. */
interface TextProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type ParsedText<Value> =
  | { readonly ok: true; readonly value: Value }
  /** `more`: how many problems are not told. */
  | { readonly ok: false; readonly problems: readonly TextProblem[]; readonly more: number };

/** What only the meaning of a value tells: where it stands, and what is wrong with it. */
export interface MeaningProblem {
  readonly path: readonly PropertyKey[];
  /** A function where the words take time: only the first problems are told. */
  readonly message: string | (() => string);
  /** The key itself is wrong, not its value. */
  readonly isAboutKey?: true;
}

/** What a YAML file has to be. */
export interface FileShape<Value> {
  readonly words: FileWords;
  /** A schema of zod. */
  readonly schema: {
    safeParse(value: unknown): { success: true; data: Value } | { success: false; error: { readonly issues: readonly unknown[] } };
  };
  /** What the schema cannot tell: names that nothing has. */
  readonly meaning: (value: Value) => readonly MeaningProblem[];
}

const MAX_PROBLEMS = 20;

/** No text chooses another version of YAML, in which `no` is false and `<<` copies; nor a tag that makes other things than JSON has. */
const OPTIONS = { prettyErrors: false, logLevel: 'error', uniqueKeys: false, schema: 'core', resolveKnownTags: false } as const;

/** Parses and checks the text of a YAML file; the first problems are reported, in the order of the text. */
export function parseYamlText<Value>(text: string, shape: FileShape<Value>): ParsedText<Value> {
  const lines = new LineCounter();
  const looked = lookThrough(text, lines, shape);
  if ('value' in looked) return { ok: true, value: looked.value };
  const problems = looked.findings
    .toSorted((a, b) => a.offset - b.offset)
    .slice(0, MAX_PROBLEMS)
    .map(({ offset, message }) => {
      const { line, col } = lines.linePos(offset);
      const words = typeof message === 'string' ? message : message();
      return { line: Math.max(1, line), column: Math.max(1, col), message: words.replaceAll(/\p{Cc}/gu, '?') };
    });
  return { ok: false, problems, more: looked.findings.length - problems.length };
}

type Looked<Value> = { readonly value: Value } | { readonly findings: readonly Finding[] };

function lookThrough<Value>(text: string, lineCounter: LineCounter, { words, schema, meaning }: FileShape<Value>): Looked<Value> {
  try {
    const document = parseDocument(text, { ...OPTIONS, lineCounter });
    const syntax = [...syntaxFindings(document, words), ...structureFindings(document)];
    if (syntax.length > 0) return { findings: syntax };
    // Its own count of aliases is made by looking through all of the text for each of them.
    const given: unknown = document.toJS({ maxAliasCount: -1 }) ?? {};
    const locate = placesOf(document);
    const parsed = schema.safeParse(given);
    if (!parsed.success) {
      const described = parsed.error.issues.flatMap((issue) => describeIssue(issue as Issue, words, given));
      return { findings: described.map((problem) => ({ offset: locate(problem), message: problem.message })) };
    }
    const wrong = meaning(parsed.data).map((problem) => ({ offset: locate(problem), message: problem.message }));
    return wrong.length > 0 ? { findings: wrong } : { value: parsed.data };
  } catch (error) {
    if (error instanceof RangeError) return { findings: [{ offset: 0, message: 'nested too deeply' }] };
    throw error;
  }
}

function syntaxFindings({ errors, warnings }: Document.Parsed, { one }: FileWords): Finding[] {
  return [...errors, ...warnings].map(({ code, message, pos }) => ({
    offset: pos[0],
    message: code === 'MULTIPLE_DOCS' ? `a second document begins here: one file is one ${one}` : (SYNTAX[code] ?? firstToLower(message)),
  }));
}

const SYNTAX: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'a value that begins with * or & has to be in quotes: "*"',
  BAD_SCALAR_START: 'a value that begins with this sign has to be in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " on the line, or a line indented too far: put a text with a colon in quotes',
  BLOCK_IN_FLOW: 'a second ": " in one value: put a text with a colon in quotes',
  MULTILINE_IMPLICIT_KEY: 'a key without ": " behind it, or lines that do not begin below each other',
  TAB_AS_INDENT: 'a tab where YAML wants blanks',
  TAG_RESOLVE_FAILED: 'a tag (!…) has no meaning here',
};

function firstToLower(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replaceAll(/\s+/g, ' ');
}
