import { type Document, isAlias, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';

import { nearestId } from '../nearest-id.ts';
import { type Config, configSchema } from './schema.ts';
import { describeIssue, type Issue } from './describe-issue.ts';

/** Something in a configuration that passcheck cannot use. Line and column count from 1. */
interface ConfigProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

const MAX_ALIASES = 20;
const MAX_PROBLEMS = 20;

interface Finding {
  readonly offset: number;
  readonly message: string;
}

/** Parses and checks the text of a `passcheck.yaml`; all problems are reported, in the order of the text. */
export function parseConfig(text: string, checkIds: readonly string[]): ParsedConfig {
  const lines = new LineCounter();
  const findings = lookThrough(text, lines, checkIds);
  if (!Array.isArray(findings)) return { ok: true, config: findings };
  const problems = findings
    .toSorted((a, b) => a.offset - b.offset)
    .slice(0, MAX_PROBLEMS)
    .map(({ offset, message }) => {
      const { line, col } = lines.linePos(offset);
      return { line: Math.max(1, line), column: Math.max(1, col), message: message.replaceAll(/\p{Cc}/gu, '?') };
    });
  return { ok: false, problems };
}

function lookThrough(text: string, lineCounter: LineCounter, checkIds: readonly string[]): Config | Finding[] {
  try {
    const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
    const syntax = [...syntaxFindings(document), ...structureFindings(document)];
    if (syntax.length > 0) return syntax;
    const parsed = configSchema.safeParse(document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {});
    if (!parsed.success) return parsed.error.issues.flatMap((issue) => locate(document, issue as Issue));
    const unknown = unknownChecks(document, Object.keys(parsed.data.severity), checkIds);
    return unknown.length > 0 ? unknown : parsed.data;
  } catch (error) {
    if (error instanceof RangeError) return [{ offset: 0, message: 'nested too deeply' }];
    if (error instanceof ReferenceError) return [{ offset: 0, message: `more than ${MAX_ALIASES} aliases: write the values out` }];
    throw error;
  }
}

function syntaxFindings({ errors, warnings }: Document.Parsed): Finding[] {
  return [...errors, ...warnings].map(({ code, message, pos }) => ({ offset: pos[0], message: SYNTAX[code] ?? firstToLower(message) }));
}

const SYNTAX: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key is there twice',
  MULTIPLE_DOCS: 'a second document begins here: one file is one configuration',
  TAB_AS_INDENT: 'a tab where YAML wants blanks',
  TAG_RESOLVE_FAILED: 'a tag (!…) has no meaning here',
};

/** What YAML allows and a configuration has no use for. */
function structureFindings(document: Document.Parsed): Finding[] {
  const findings: Finding[] = [];
  visit(document, {
    Alias(_, alias, path) {
      const anchor = alias.resolve(document);
      const offset = alias.range?.[0] ?? 0;
      if (anchor === undefined) findings.push({ offset, message: `*${alias.source} was never defined` });
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

function locate(document: Document.Parsed, issue: Issue): Finding[] {
  return describeIssue(issue).map(({ path, message, isAboutKey }) => {
    const keyOffset = isAboutKey ? offsetOf(keyNode(document, path)) : undefined;
    return { offset: keyOffset ?? nearestOffset(document, path), message };
  });
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

function unknownChecks(document: Document.Parsed, ids: readonly string[], checkIds: readonly string[]): Finding[] {
  return ids
    .filter((id) => !checkIds.includes(id))
    .map((id) => {
      const meant = nearestId(id, checkIds);
      const hint = meant === undefined ? 'passcheck explain lists all' : `did you mean ${JSON.stringify(meant)}?`;
      return { offset: offsetOf(keyNode(document, ['severity', id])) ?? 0, message: `no check has the id ${JSON.stringify(id)} (${hint})` };
    });
}

function firstToLower(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replaceAll(/\s+/g, ' ');
}
