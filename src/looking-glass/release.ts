/** A release of Looking Glass: `B7` is number 7. */
export interface Release {
  readonly number: number;
  /** False for a build between two releases (`B7-75-g870eb8c600`), which can differ from the release in everything. */
  readonly isTagged: boolean;
}

/**
 * Reads the version of a build (`B7`, `B7-0-g27fe47cbe2`, `B7-rc1`) or of a package (`0+b6-3`, `2:B7-1`, `B7.r75.g870eb8c-1`).
 * Null when there is no release in it.
 */
export function parseRelease(text: string): Release | null {
  const match = /(?:^|[^a-z0-9])b(\d{1,2})(?![0-9a-z])(.{0,24})/i.exec(text.slice(0, 200));
  if (match === null) return null;
  const rest = match[2] ?? '';
  const commits = /^(?:-|\.r|\+r|-r)(\d{1,6})[.-]g/i.exec(rest)?.[1];
  const isCandidate = /^[-.~_]?rc/i.test(rest);
  return { number: Number(match[1]), isTagged: !isCandidate && (commits === undefined || commits === '0') };
}

/** The release that speaks a version of LGMP; builds after B7 have 7 and more. */
export function releaseOfProtocol(lgmp: number): Release | null {
  if (lgmp >= 7) return { number: 7, isTagged: false };
  return lgmp >= 4 ? { number: lgmp + 1, isTagged: true } : null;
}

export function releaseName({ number, isTagged }: Release): string {
  return isTagged ? `B${number}` : `a build after B${number}`;
}
