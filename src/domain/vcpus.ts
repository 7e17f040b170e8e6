import type { DomainDocument } from './document.ts';
import { wholeNumber } from './whole-number.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

/** The vCPUs of a definition. */
export interface Vcpus {
  readonly element: XmlElement | undefined;
  /** `<vcpu>`: 1 without one; NaN when libvirt refuses what is written. */
  readonly max: number;
  /** `vcpu@current`; null when it is not written; NaN when libvirt refuses what is written. */
  readonly current: number | null;
  /** Numbers of the vCPUs that the guest starts with, sorted; at most {@link VCPU_LIMIT}. */
  readonly enabled: readonly number[];
}

/** Far above what QEMU can (4,096 in QEMU 10): no more vCPUs than these are looked at. */
export const VCPU_LIMIT = 16_384;

/** Reads `<vcpu>` and `<vcpus>`. https://libvirt.org/formatdomain.html#cpu-allocation */
export function vcpusOf({ root }: Pick<DomainDocument, 'root'>): Vcpus {
  const element = first(root, 'vcpu');
  const max = element === undefined ? 1 : unsignedNumber(element.text);
  const written = attribute(element, 'current');
  const current = written === null ? null : unsignedNumber(written);
  return { element, max, current, enabled: enabledVcpus(root, Math.min(max, VCPU_LIMIT), current) };
}

/** The first ones, changed by what `<vcpus>` says of single ones. */
function enabledVcpus(root: XmlElement, max: number, current: number | null): readonly number[] {
  if (Number.isNaN(max)) return [];
  const count = current === null || Number.isNaN(current) ? max : Math.min(current, max);
  const enabled = new Set(Array.from({ length: count }, (_, vcpu) => vcpu));
  for (const vcpu of all(root, 'vcpus', 'vcpu')) {
    const id = unsignedNumber(attribute(vcpu, 'id') ?? '');
    if (!(id < max)) continue;
    if (attribute(vcpu, 'enabled') === 'yes') enabled.add(id);
    else enabled.delete(id);
  }
  return [...enabled].toSorted((a, b) => a - b);
}

/** {@link wholeNumber}, with NaN for what is none: it stays one in products and comparisons. */
export function unsignedNumber(text: string): number {
  return wholeNumber(text) ?? Number.NaN;
}
