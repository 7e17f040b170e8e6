import { type Document, isAlias, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';

import { describeIssue, type FileWords, type Issue } from './describe-issue.ts';

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
  readonly message: string;
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

const MAX_ALIASES = 20;
const MAX_PROBLEMS = 20;

interface Finding {
  readonly offset: number;
  readonly message: string;
}

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
      return { line: Math.max(1, line), column: Math.max(1, col), message: message.replaceAll(/\p{Cc}/gu, '?') };
    });
  return { ok: false, problems, more: looked.findings.length - problems.length };
}

type Looked<Value> = { readonly value: Value } | { readonly findings: readonly Finding[] };

function lookThrough<Value>(text: string, lineCounter: LineCounter, { words, schema, meaning }: FileShape<Value>): Looked<Value> {
  try {
    const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
    const syntax = [...syntaxFindings(document, words), ...structureFindings(document)];
    if (syntax.length > 0) return { findings: syntax };
    const given: unknown = document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
    const parsed = schema.safeParse(given);
    if (!parsed.success) {
      const described = parsed.error.issues.flatMap((issue) => describeIssue(issue as Issue, words, given));
      return { findings: described.map((problem) => locate(document, problem)) };
    }
    const wrong = meaning(parsed.data).map((problem) => locate(document, problem));
    return wrong.length > 0 ? { findings: wrong } : { value: parsed.data };
  } catch (error) {
    if (error instanceof RangeError) return { findings: [{ offset: 0, message: 'nested too deeply' }] };
    if (error instanceof ReferenceError)
      return { findings: [{ offset: 0, message: `more than ${MAX_ALIASES} aliases: write the values out` }] };
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
  DUPLICATE_KEY: 'this key is there twice',
  MULTILINE_IMPLICIT_KEY: 'a key without ": " behind it, or lines that do not begin below each other',
  TAB_AS_INDENT: 'a tab where YAML wants blanks',
  TAG_RESOLVE_FAILED: 'a tag (!…) has no meaning here',
};

/** What YAML allows and a file of passcheck has no use for. */
function structureFindings(document: Document.Parsed): Finding[] {
  const findings: Finding[] = [];
  visit(document, {
    Alias(_, alias, path) {
      const anchor = alias.resolve(document);
      const offset = alias.range?.[0] ?? 0;
      if (anchor === undefined)
        findings.push({ offset, message: `*${alias.source} was never defined: put a value that begins with * in quotes` });
      else if (path.includes(anchor)) findings.push({ offset, message: `*${alias.source} contains itself` });
    },
    Pair(_, { key }) {
      if (isScalar(key) || key === null) return undefined;
      findings.push({ offset: offsetOf(key) ?? 0, message: 'a key has to be a word' });
      return visit.SKIP;
    },
  });
  return findings;
}

function locate(
  document: Document.Parsed,
  { path, message, isAboutKey = false }: Omit<MeaningProblem, 'isAboutKey'> & { isAboutKey?: boolean },
): Finding {
  const keyOffset = isAboutKey ? offsetOf(keyNode(document, path)) : undefined;
  return { offset: keyOffset ?? nearestOffset(document, path), message };
}

/** The position of a value; of what it should be in, when it is missing. */
function nearestOffset(document: Document.Parsed, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const offset = offsetOf(depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true));
    if (offset !== undefined) return offset;
  }
  return 0;
}

function keyNode(document: Document.Parsed, path: readonly PropertyKey[]): unknown {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const map = isAlias(parent) ? parent.resolve(document) : parent;
  if (!isMap(map)) return undefined;
  return map.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(path.at(-1)))?.key;
}

function offsetOf(node: unknown): number | undefined {
  return typeof node === 'object' && node !== null && 'range' in node ? (node as Node).range?.[0] : undefined;
}

function firstToLower(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replaceAll(/\s+/g, ' ');
}
