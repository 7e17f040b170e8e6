/** A rule for files: `/dev/kvmfr0 rw,`. */
export interface AppArmorRule {
  /** A shell-like pattern. */
  readonly path: string;
  /** Letters such as `rw`. */
  readonly permissions: string;
  readonly isDenial: boolean;
}

/** The rules for files in a part of an AppArmor profile; rules for anything else are passed over. apparmor.d(5) */
export function parseAppArmorRules(text: string): AppArmorRule[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*((?:(?:audit|deny|allow|owner|file)\s+)*)"?(\/[^\s"]{0,255})"?\s+([a-zA-Z]{1,10})\s*,/.exec(line.slice(0, 1024));
    if (match === null) return [];
    return [{ path: match[2] ?? '', permissions: match[3] ?? '', isDenial: /\bdeny\b/.test(match[1] ?? '') }];
  });
}

/** Do the rules let a program read and write this path? A denial wins over everything. */
export function allowsReadWrite(rules: readonly AppArmorRule[], path: string): boolean {
  const matching = rules.filter((rule) => matchesPattern(rule.path, path));
  if (matching.some(({ isDenial, permissions }) => isDenial && /[rw]/.test(permissions))) return false;
  const granted = matching.map(({ permissions }) => permissions).join('');
  return granted.includes('r') && granted.includes('w');
}

/** More wildcards than this are in no rule for a device, and could take for ever to match. */
const MAX_WILDCARDS = 6;

/** `*` and `?` stop at a slash, `**` does not, `[…]` and `{a,b}` as in a shell. A pattern that is not understood matches nothing. */
export function matchesPattern(pattern: string, path: string): boolean {
  const tokens = pattern.match(/\*+|\?|\[[^\]]*\]|\{|\}|,|\\.|[^*?[\]{},\\]+/g) ?? [];
  const wildcards = tokens.filter((token) => /^[*?[]/.test(token)).length;
  const opened = tokens.filter((token) => token === '{').length;
  const isComplete = tokens.join('') === pattern && opened === tokens.filter((token) => token === '}').length;
  if (!isComplete || wildcards > MAX_WILDCARDS || opened > MAX_WILDCARDS) return false;
  let depth = 0;
  const source = tokens.map((token) => {
    if (token === '{') depth += 1;
    if (token === '}') depth -= 1;
    return translate(token, depth > 0);
  });
  return toRegExp(source.join(''))?.test(path) === true;
}

function translate(token: string, isInBraces: boolean): string {
  if (token === '*') return '[^/]*';
  if (token.startsWith('**')) return '.*';
  if (token === '?') return '[^/]';
  if (token === '{') return '(?:';
  if (token === '}') return ')';
  if (token === ',') return isInBraces ? '|' : ',';
  if (token.startsWith('[')) return token.replaceAll('\\', '\\\\').replace(/^\[[!^]/, '[^');
  return token.replace(/^\\(.)$/, '$1').replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function toRegExp(source: string): RegExp | null {
  try {
    return new RegExp(`^(?:${source})$`);
  } catch {
    return null;
  }
}
