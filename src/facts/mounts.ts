import { defineFact } from './fact.ts';
import { firstAnswer } from './first-answer.ts';
import { readText, required } from './read.ts';

/** One mounted file system, as the process that looks sees it. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** Everything that is mounted, in the order of mounting; a later mount hides an earlier one on the same folder. */
export const mounts = defineFact({
  id: 'mounts',
  collect(host): readonly Mount[] {
    // Captured trees hold /proc/mounts, which is the link to the other.
    const text = firstAnswer(['/proc/self/mounts', '/proc/mounts'], (path) => readText(host, path));
    return parseMounts(required('/proc/self/mounts', text));
  },
});

/** Lines of /proc/self/mounts: blank, tab, newline and backslash in names are written as `\040` and so on (getmntent(3)). */
export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [source, target, type, options] = line.split(' ');
    if (source === undefined || target === undefined || type === undefined || options === undefined) return [];
    return [{ source: unescape(source), target: unescape(target), type, options: options.split(',') }];
  });
}

function unescape(name: string): string {
  return name.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8)));
}

/** Page size of a hugetlbfs mount in KiB; null when it does not say (old kernels, which then mean the default size). */
export function mountedPageSizeKiB({ options }: Pick<Mount, 'options'>): number | null {
  const match = /^pagesize=(\d{1,9})([KMG])$/i.exec(options.find((option) => option.startsWith('pagesize=')) ?? '');
  if (match === null) return null;
  return Number(match[1]) * KIB[(match[2] ?? '').toUpperCase() as keyof typeof KIB];
}

const KIB = { K: 1, M: 1024, G: 1024 * 1024 } as const;
