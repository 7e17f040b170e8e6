/** NR_CPUS is at most 8192 on x86 (arch/x86/Kconfig); node numbers stay below 1024. A longer list is no list of the kernel. */
const LIMIT = 8192;

/**
 * The numbers of a list as the kernel writes it: `0-3,8`, `0-15:1/4` (the first of every four); libvirt's `cpuset` is another
 * (src/domain/cpuset.ts). Sorted, each once. Null when the text is no such list; `(null)`, which the kernel prints for a mask
 * that it does not have, and the empty text are the empty list.
 */
export function parseCpuList(text: string): number[] | null {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === '(null)') return [];
  const numbers = new Set<number>();
  let steps = 0;
  for (const part of trimmed.split(',')) {
    const match = /^(\d{1,5})(?:-(\d{1,5})(?::(\d{1,5})\/(\d{1,5}))?)?$/.exec(part.trim());
    if (match === null) return null;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    const group = Number(match[4] ?? 1);
    const used = Number(match[3] ?? group);
    steps += last - first + 1;
    // A list of the kernel names each number once; ranges that overlap again and again would only cost time.
    if (last < first || last >= LIMIT || group === 0 || steps > 4 * LIMIT) return null;
    for (let number = first; number <= last; number += 1) {
      if ((number - first) % group < used) numbers.add(number);
    }
  }
  return [...numbers].toSorted((a, b) => a - b);
}

/** The numbers of a mask as the kernel prints it: words of 32 bits in hex, the highest first, `00000000,0000ffff`. Null when it is none. */
export function parseCpuMask(text: string): number[] | null {
  const words = text.trim().split(',');
  if (words.length > LIMIT / 32 || words.some((word) => !/^[0-9a-f]{1,8}$/i.test(word))) return null;
  return words.toReversed().flatMap((word, index) => {
    const bits = Number.parseInt(word, 16);
    return Array.from({ length: 32 }, (_, bit) => bit)
      .filter((bit) => ((bits >>> bit) & 1) === 1)
      .map((bit) => index * 32 + bit);
  });
}

/** Sorted or not, written the kernel's way: `0-3,8`. */
export function formatCpuList(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].toSorted((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const number of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}
