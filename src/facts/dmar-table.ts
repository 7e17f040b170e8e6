/** What the head of Intel's DMAR table says. Intel VT-d specification, 8.1 "DMA Remapping Reporting Structure". */
export interface DmarTable {
  /** Flags bit 0: the platform supports interrupt remapping; without it the kernel does not even try. */
  readonly interruptRemapping: boolean;
  /** Flags bit 1: the firmware asks the kernel to stay out of x2APIC mode. */
  readonly x2apicOptOut: boolean;
  /** Flags bit 2: the firmware asks for DMA protection, so the kernel turns the IOMMU on unless told `intel_iommu=off`. */
  readonly dmaControlOptIn: boolean;
  /** Number of remapping units (DRHD structures). */
  readonly units: number;
}

const HEADER_LENGTH = 48;
const FLAGS_OFFSET = 37;
const DRHD = 0;

/** Null when the bytes are no DMAR table. */
export function parseDmarTable(bytes: Uint8Array): DmarTable | null {
  if (bytes.length < HEADER_LENGTH || Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== 'DMAR') return null;
  const flags = bytes[FLAGS_OFFSET] ?? 0;
  return {
    interruptRemapping: (flags & 1) !== 0,
    x2apicOptOut: (flags & 2) !== 0,
    dmaControlOptIn: (flags & 4) !== 0,
    units: countUnits(bytes),
  };
}

function countUnits(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let units = 0;
  for (let offset = HEADER_LENGTH; offset + 4 <= bytes.length;) {
    if (view.getUint16(offset, true) === DRHD) units += 1;
    const length = view.getUint16(offset + 2, true);
    if (length < 4) break;
    offset += length;
  }
  return units;
}
