/** Of a program or kernel: major, minor, and what may follow. */
export type Version = readonly number[];

/** Is a version this one or a later one? What is left out is 0. */
export function isAtLeast(version: Version, wanted: Version): boolean {
  for (const [index, number] of wanted.entries()) {
    const difference = (version[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** `8.10` */
export function versionText(version: Version): string {
  return version.slice(0, 2).join('.');
}
