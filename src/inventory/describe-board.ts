import type { Cpu } from '../facts/cpu.ts';
import type { CpuTopology } from '../facts/cpu-topology.ts';
import { type BootSecurity, isSecureBootOn, NO_SECURE_BOOT_VARIABLE } from '../facts/firmware-security.ts';
import type { Reading } from '../host/reading.ts';
import { cellsOf } from '../pinning/cells.ts';
import { cellName } from '../pinning/words.ts';
import type { InventoryFacts } from './collect.ts';
import type { HiddenPart, InventoryBoard, InventoryCpu, InventoryFirmware, InventoryMemory, InventoryModule } from './model.ts';

type Given<Name extends keyof InventoryFacts> = Pick<InventoryFacts, Name>;

/** Model, cores and caches; null when the CPU could not be looked at. */
export function describeCpu({ cpu, cpuTopology }: Given<'cpu' | 'cpuTopology'>): InventoryCpu | null {
  if (!cpu.ok) return null;
  const { modelName, vendor, microcode, isNested } = cpu.value;
  return {
    model: modelName,
    vendor,
    microcode,
    virtualization: virtualization(cpu.value),
    isNested,
    ...describeTopology(cpuTopology.ok ? cpuTopology.value : null),
    ...describeCells(cpu.value, cpuTopology.ok ? cpuTopology.value : null),
  };
}

function describeCells({ modelName }: Cpu, topology: CpuTopology | null): Pick<InventoryCpu, 'cells' | 'offline'> {
  if (topology === null) return { cells: null, offline: [] };
  const request = { topology, processor: modelName };
  const cells = cellsOf(topology).map((cell) => ({
    name: cellName(cell, request),
    cacheKiB: cell.sizeKiB,
    packageId: cell.packageId,
    node: cell.node,
    cores: cell.cores.map(({ kind, cpus }) => ({ kind, cpus })),
  }));
  return { cells, offline: topology.offline };
}

function describeTopology(
  topology: CpuTopology | null,
): Pick<InventoryCpu, 'packages' | 'cores' | 'threads' | 'performanceCores' | 'efficiencyCores' | 'l3MiB'> {
  if (topology === null) return { packages: null, cores: null, threads: null, performanceCores: null, efficiencyCores: null, l3MiB: null };
  const ofKind = (kind: string): number => topology.cores.filter((core) => core.kind === kind).length;
  const isHybrid = ofKind('efficiency') > 0;
  const sizes = topology.l3.flatMap(({ sizeKiB }) => (sizeKiB === null ? [] : [sizeKiB / 1024]));
  return {
    packages: topology.packages.length,
    cores: topology.cores.length,
    threads: topology.online.length,
    performanceCores: isHybrid ? ofKind('performance') : null,
    efficiencyCores: isHybrid ? ofKind('efficiency') : null,
    l3MiB: sizes.length === 0 ? null : sizes.toSorted((a, b) => b - a),
  };
}

function virtualization({ flags }: Cpu): string | null {
  if (flags.has('vmx')) return 'VT-x';
  return flags.has('svm') ? 'AMD-V' : null;
}

export function describeBoard({ board }: Given<'board'>): InventoryBoard | null {
  if (!board.ok) return null;
  const { vendor, name, version, systemVendor, systemName } = board.value;
  const system = [systemVendor, systemName].filter((part) => part !== null).join(' ');
  return { vendor, name, version, system: system === '' ? null : system };
}

/** The firmware and how it booted this machine; what of it is hidden is listed. */
export function describeFirmware({ board, bootSecurity }: Given<'board' | 'bootSecurity'>): {
  readonly value: InventoryFirmware | null;
  readonly hidden: readonly HiddenPart[];
} {
  if (!board.ok && !bootSecurity.ok) return { value: null, hidden: [] };
  const boot = bootSecurity.ok ? bootSecurity.value : null;
  const hidden = [...hiddenReading('UEFI or BIOS', '/sys/firmware/efi', boot?.isUefi), ...(boot === null ? [] : hiddenSecureBoot(boot))];
  const value = {
    vendor: board.ok ? board.value.firmwareVendor : null,
    version: board.ok ? board.value.firmwareVersion : null,
    date: board.ok ? board.value.firmwareDate : null,
    isUefi: boot?.isUefi.state === 'ok' ? boot.isUefi.value : null,
    secureBoot: boot === null ? null : isSecureBootOn(boot),
  };
  return { value, hidden };
}

function hiddenSecureBoot(boot: BootSecurity): HiddenPart[] {
  const [part, source] = ['Secure Boot', '/sys/firmware/efi/efivars'];
  const isUefi = boot.isUefi.state === 'ok' && boot.isUefi.value;
  if (boot.secureBoot.state !== 'absent') return hiddenReading(part, source, boot.secureBoot);
  return isUefi ? [{ part, source, reason: NO_SECURE_BOOT_VARIABLE, hint: 'Run mokutil --sb-state' }] : [];
}

function hiddenReading(part: string, source: string, reading: Reading<unknown> | undefined): HiddenPart[] {
  return reading?.state === 'unreadable' ? [{ part, source, reason: reading.detail, hint: null }] : [];
}

/** Sizes, and the modules where root may see them. */
export function describeMemory({ memory, memoryModules, numaNodes }: Given<'memory' | 'memoryModules' | 'numaNodes'>): InventoryMemory {
  const slots = memoryModules.ok ? memoryModules.value : null;
  const modules = slots?.filter(({ sizeMiB }) => sizeMiB !== null) ?? null;
  return {
    totalKiB: memory.ok ? memory.value.totalKiB : null,
    numaNodes: numaNodes.ok ? Math.max(1, numaNodes.value.length) : null,
    modules:
      modules?.map(({ slot, sizeMiB, type, configuredSpeedMTs, speedMTs, manufacturer, partNumber }): InventoryModule => ({
        slot,
        sizeMiB,
        type,
        speedMTs: configuredSpeedMTs ?? speedMTs,
        manufacturer,
        partNumber,
      })) ?? null,
    emptySlots: slots === null || modules === null ? null : slots.length - modules.length,
  };
}
