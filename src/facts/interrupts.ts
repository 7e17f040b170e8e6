import { defineFact } from './fact.ts';
import { readText, required } from './read.ts';

/** One numbered line of /proc/interrupts. */
export interface Interrupt {
  readonly number: number;
  /** `IR-PCI-MSI`, `PCI-MSIX-0000:00:01.0`, `IO-APIC` … */
  readonly controller: string;
  /** What follows the controller: the hardware number with its trigger, and the names of the handlers. */
  readonly description: string;
  /**
   * `msi`: a message of a PCI device; `io-apic`: a wired line; `other`: what says nothing about interrupt remapping, such
   * as the IOMMU's own messages, which are never remapped, and timers.
   */
  readonly kind: 'msi' | 'io-apic' | 'other';
  readonly isRemapped: boolean;
}

/** 512 CPUs and thousands of vectors make a few MiB. */
const LIMIT = 32 * 1024 * 1024;

/** The interrupts that are in use, by the controller that delivers them. */
export const interrupts = defineFact({
  id: 'interrupts',
  collect: (host): readonly Interrupt[] => parseInterrupts(required('/proc/interrupts', readText(host, '/proc/interrupts', LIMIT))),
});

/** /proc/interrupts: a header that names the CPUs, then `number: count… controller description`. */
export function parseInterrupts(text: string): Interrupt[] {
  const lines = text.split('\n');
  const cpus = lines[0]?.match(/\bCPU\d+/g)?.length ?? 0;
  return lines.slice(1).flatMap((line) => parseLine(line, cpus) ?? []);
}

function parseLine(line: string, cpus: number): Interrupt | null {
  const head = /^\s*(\d{1,9}):/.exec(line);
  if (!head?.[1]) return null;
  const words = line.slice(skipCounts(line, head[0].length, cpus)).trim();
  const [controller = ''] = /^\S+/.exec(words) ?? [];
  if (controller === '') return null;
  const description = words.slice(controller.length).trim().replace(/\s+/g, ' ');
  return { number: Number(head[1]), controller, description, ...classify(controller, description) };
}

/** Where the columns of counts end: one for each CPU, fewer when the line is cut. */
function skipCounts(line: string, from: number, cpus: number): number {
  let position = from;
  for (let column = 0; column < cpus; column += 1) {
    let next = position;
    while (line[next] === ' ') next += 1;
    const start = next;
    while (isDigit(line.charCodeAt(next))) next += 1;
    if (next === start) break;
    position = next;
  }
  return position;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/**
 * A controller that remaps puts `IR-` before its name, on Intel and on AMD; newer kernels add the device
 * (`IR-PCI-MSI-0000:00:1f.2`). Arm's ITS translates every message by device, which the kernel counts as the same.
 */
function classify(controller: string, description: string): Pick<Interrupt, 'kind' | 'isRemapped'> {
  const isRemapped = controller.startsWith('IR-') || controller.startsWith('ITS-');
  const plain = controller.replace(/^(?:IR|ITS)-/, '');
  if (plain.startsWith('PCI-MSI') || controller === 'ITS-MSI') {
    return { kind: /\bAMD-Vi/.test(description) ? 'other' : 'msi', isRemapped };
  }
  return { kind: plain.startsWith('IO-APIC') ? 'io-apic' : 'other', isRemapped };
}
