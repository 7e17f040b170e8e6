import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';
import { CPUINFO, parseFirstProcessor } from './cpu.ts';
import { optionalList, readAttribute, required } from './read.ts';

/** An IOMMU of Intel, and how many bits of address it translates. */
interface IommuWidth {
  /** `/sys/class/iommu/dmar0/intel-iommu/cap` */
  readonly source: string;
  readonly bits: number;
}

/** How wide addresses are, in bits. */
export interface AddressWidths {
  /** Physical addresses of the CPU. Null: it does not say. */
  readonly cpuBits: number | null;
  /** The units of Intel; AMD's translate 64 bits. */
  readonly intelUnits: readonly IommuWidth[];
}

const INSTANCES = '/sys/class/iommu';

/** Clients of Intel since the 12th generation have CPUs of 46 bits beside IOMMUs of 39. */
export const addressWidths = defineFact({
  id: 'addressWidths',
  collect(host): AddressWidths {
    const text = new TextDecoder().decode(required(CPUINFO, host.readRange(CPUINFO, 0, 16_384)));
    const bits = Number(/^(\d{1,2}) bits physical/.exec(parseFirstProcessor(text).get('address sizes') ?? '')?.[1] ?? 0);
    const intelUnits = optionalList(host, INSTANCES)
      .filter((name) => /^dmar\d{1,4}$/.test(name))
      .map((name) => `${INSTANCES}/${name}/intel-iommu/cap`)
      .map((source) => ({ source, bits: widthOf(source, required(source, readAttribute(host, source))) }));
    return { cpuBits: bits === 0 ? null : bits, intelUnits };
  },
});

/**
 * Bits 21:16 of the capability register hold the widest guest address less one, bits 12:8 the depths of page table that
 * the unit can walk, 39 bits for bit 9 and 9 more for each after it. Intel VT-d specification, 11.4.2
 */
function widthOf(source: string, text: string): number {
  if (!/^[0-9a-f]{1,16}$/i.test(text)) throw new FactError({ source, reason: 'no capability register' });
  const register = BigInt(`0x${text}`);
  const widest = Number((register >> 16n) & 0x3fn) + 1;
  const tables = [3, 2, 1, 0].find((depth) => ((register >> BigInt(8 + depth)) & 1n) === 1n);
  return tables === undefined ? widest : Math.min(widest, 30 + 9 * tables);
}
