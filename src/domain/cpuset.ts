/** VIR_DOMAIN_CPUMASK_LEN of libvirt: it refuses CPUs from this number on. */
export const CPUSET_LIMIT = 16_384;

/**
 * The CPUs of a `cpuset` as libvirt reads it (virBitmapParse), sorted, each once: `0-3,^2,8`. It goes from left to right, so an
 * exclusion counts only behind what it is taken from, and knows no ranges with a step, which the kernel knows. Null when
 * libvirt refuses the text, as it does with a set of no CPU.
 */
export function parseCpuset(text: string): readonly number[] | null {
  const bits = new Uint8Array(CPUSET_LIMIT);
  const parts = text.trim().split(',');
  // A comma at the end is allowed.
  if (parts.length > 1 && parts.at(-1)?.trim() === '') parts.pop();
  for (const part of parts) {
    const match = /^\s*(\^?)(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?$/.exec(part);
    if (match === null) return null;
    const [, isExcluded, first = '', last] = match;
    const from = Number(first);
    const to = Number(last ?? first);
    if (to < from || to >= CPUSET_LIMIT || (isExcluded !== '' && last !== undefined)) return null;
    bits.fill(isExcluded === '' ? 1 : 0, from, to + 1);
  }
  const cpus: number[] = [];
  for (let cpu = bits.indexOf(1); cpu !== -1; cpu = bits.indexOf(1, cpu + 1)) cpus.push(cpu);
  return cpus.length === 0 ? null : cpus;
}
