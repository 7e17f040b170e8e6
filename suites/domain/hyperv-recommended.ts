import type { DomainDocument } from '../../src/domain/document.ts';
import { hasOwnCpus } from './cpu-pins.ts';

/** Windows is clearly slower without these: timers, the interrupt controller, and what they need. */
export const ESSENTIAL: readonly string[] = ['relaxed', 'vapic', 'vpindex', 'synic', 'stimer'];

/**
 * What QEMU recommends for every Windows guest and every libvirt since 4.10 knows, in libvirt's order. Spinlocks help only where
 * something else may run on the CPU of a vCPU. https://www.qemu.org/docs/master/system/i386/hyperv.html#recommendations
 */
export function recommendedFor(document: Pick<DomainDocument, 'root'>): readonly string[] {
  const spinlocks = hasOwnCpus(document) ? [] : ['spinlocks'];
  return ['relaxed', 'vapic', ...spinlocks, 'vpindex', 'runtime', 'synic', 'stimer', 'frequencies', 'tlbflush', 'ipi'];
}

/** How an enlightenment is written. */
export function enlightenmentXml(name: string): string {
  switch (name) {
    case 'spinlocks':
      // As virt-manager writes it.
      return "<spinlocks state='on' retries='8191'/>";
    case 'stimer':
      return "<stimer state='on'>\n  <direct state='on'/>\n</stimer>";
    default:
      return `<${name} state='on'/>`;
  }
}

/** The same for a remedy, which is one line. */
export function oneLine(xml: string): string {
  return xml.replaceAll(/\n\s*/g, '');
}
