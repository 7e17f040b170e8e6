/** Longer than any path that the kernel takes. */
const LONGEST_PATH = 4096;

/** Words that stand for something else in shared definitions, and are hardly ever names of files. */
const PATTERNS: readonly RegExp[] = [
  /(?:\b|_)(?:change|replace|edit)[-_]?me(?![a-z0-9])!*/i,
  /\bYOUR[-_][A-Z_-]{1,40}/,
  /\byour[-_]?(?:user|username|name|home|vm|disk|image)(?![a-z0-9])/i,
  /\bUSER[-_](?:ME|NAME|HERE)\b!*/,
  /!{3,}/,
  /\$\{?[A-Za-z_]\w{0,40}\}?/,
  /\/path\/to(?=\/)/i,
];
/** A whole part of a path. */
const PARTS: readonly RegExp[] = [/^USER(?:NAME)?$/, /^[xX]{3,}$/, /^<[^<>]{1,40}>$/, /^\[[^[\]]{1,40}\]$/, /^~\w{0,40}$/, /^\.{3}$/];

/** The placeholder in a path of a shared definition: `USER` of `/home/USER/win11.iso`. Null: there is none. */
export function placeholderIn(path: string): string | null {
  const text = path.slice(0, LONGEST_PATH);
  for (const pattern of PATTERNS) {
    const match = pattern.exec(text);
    if (match !== null) return match[0];
  }
  return text.split('/').find((part) => PARTS.some((pattern) => pattern.test(part))) ?? null;
}
