import type { InventoryBoard, InventoryCpu, InventoryFirmware, InventoryMemory, InventoryModule } from '../inventory/model.ts';

/** `AMD Ryzen 9 7950X3D: 16 cores, 32 threads; L3 96 + 32 MiB; AMD-V` */
export function cpuWords(cpu: InventoryCpu): string {
  const { model, vendor, microcode, packages, virtualization, isNested } = cpu;
  const parts = [
    packages !== null && packages > 1 ? `${packages} packages` : '',
    coreWords(cpu),
    cacheWords(cpu.l3MiB),
    virtualization ?? 'no virtualisation extensions',
    microcode === null ? '' : `microcode ${microcode}`,
    isNested ? 'itself virtual' : '',
  ];
  return `${model ?? vendor}: ${parts.filter((part) => part !== '').join('; ')}`;
}

function coreWords({ cores, threads, performanceCores, efficiencyCores }: InventoryCpu): string {
  if (cores === null || threads === null) return 'cores (could not be looked at)';
  const kinds = performanceCores === null ? '' : ` (${performanceCores} performance, ${efficiencyCores ?? 0} efficiency)`;
  return `${cores} cores${kinds}, ${threads} threads`;
}

function cacheWords(sizes: readonly number[] | null): string {
  if (sizes === null) return '';
  // Not always whole MiB: an Opteron has 5118 KiB.
  const rounded = sizes.map((size) => Number(size.toFixed(2)));
  const [size = 0] = rounded;
  return `L3 ${new Set(rounded).size === 1 && rounded.length > 1 ? `${rounded.length} × ${size}` : rounded.join(' + ')} MiB`;
}

/** `ASUSTeK COMPUTER INC. ROG STRIX X670E-E, Rev 1.xx` */
export function boardWords({ vendor, name, version, system }: InventoryBoard): string {
  const board = [[vendor, name].filter((part) => part !== null).join(' '), version]
    .filter((part) => part !== null && part !== '')
    .join(', ');
  return board === '' ? (system ?? 'does not say what it is') : board;
}

/** `American Megatrends 2214 (08/20/2025), UEFI, Secure Boot off` */
export function firmwareWords({ vendor, version, date, isUefi, secureBoot }: InventoryFirmware): string {
  const name = [vendor, version, date === null ? null : `(${date})`].filter((part) => part !== null).join(' ');
  const mode = choose(isUefi, 'UEFI', 'BIOS');
  const checks = isUefi === false ? '' : `Secure Boot ${choose(secureBoot, 'on', 'off')}`;
  return [name, mode, checks].filter((part) => part !== '').join(', ');
}

function choose(value: boolean | null, yes: string, no: string): string {
  if (value === null) return '(could not be looked at)';
  return value ? yes : no;
}

/** `62.6 GiB usable, 2 modules, 1 NUMA node` */
export function memoryWords({ totalKiB, modules, numaNodes }: InventoryMemory): string {
  const parts = [
    totalKiB === null ? 'size (could not be looked at)' : `${(totalKiB / 1024 / 1024).toFixed(1)} GiB usable`,
    modules === null ? 'modules (could not be looked at)' : moduleSummary(modules),
    numaNodes === null || numaNodes === 1 ? '' : `${numaNodes} NUMA nodes`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** `2 modules: 2 × 32 GiB DDR5`, `1 module: 32 GiB DDR4` */
function moduleSummary(modules: readonly InventoryModule[]): string {
  const kinds = new Map<string, number>();
  for (const { sizeMiB, type } of modules) {
    const kind = [sizeMiB === null ? '' : `${sizeMiB / 1024} GiB`, type ?? ''].filter((part) => part !== '').join(' ');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const list = [...kinds].map(([kind, count]) => (modules.length === 1 ? kind : `${count} × ${kind}`)).join(' + ');
  return `${modules.length} ${modules.length === 1 ? 'module' : 'modules'}${list === '' ? '' : `: ${list}`}`;
}

/** The cells of a module's row. */
export function moduleWords({ slot, sizeMiB, type, speedMTs, manufacturer, partNumber }: InventoryModule): string[] {
  const size = sizeMiB === null ? '' : `${sizeMiB / 1024} GiB`;
  return [slot ?? '', size, type ?? '', speedMTs === null ? '' : `${speedMTs} MT/s`, manufacturer ?? '', partNumber ?? ''];
}

/** Sizes of disks as their makers count: decimal. */
export function gigabytes(bytes: number | null): string {
  if (bytes === null) return '';
  return bytes >= 1e12 ? `${(bytes / 1e12).toFixed(1)} TB` : `${Math.round(bytes / 1e9)} GB`;
}
