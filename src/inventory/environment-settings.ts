import type { FactStore } from '../engine/fact-store.ts';
import { CPUFREQ_FOLDER, type CpuFrequency } from '../facts/cpu-frequency.ts';
import { type CpuIsolation, ISOLATED_PATH } from '../facts/cpu-isolation.ts';
import { formatCpuList } from '../facts/cpu-list.ts';
import type { Cpu } from '../facts/cpu.ts';
import { type BootSecurity, EFI_FOLDER, isSecureBootOn, LOCKDOWN_PATH, SECURE_BOOT_PATH } from '../facts/firmware-security.ts';
import { HUGEPAGES, type Hugepages } from '../facts/hugepages.ts';
import { KSM_PATH } from '../facts/ksm.ts';
import { facts } from '../facts/registry.ts';
import type { UnsafeInterrupts } from '../facts/unsafe-interrupts.ts';
import type { Iommu } from '../facts/iommu.ts';
import type { Machine } from '../report/machine.ts';

type Row = Machine['environment'][number];

/** Settings of firmware and kernel that change what a VM can do or how fast it is; what could not be looked at has no row. */
export async function collectSettings(store: FactStore): Promise<Row[]> {
  const [boot, cpu, iommu, unsafe, frequency, isolation, hugepages, ksm] = await Promise.all([
    store.get(facts.bootSecurity),
    store.get(facts.cpu),
    store.get(facts.iommu),
    store.get(facts.unsafeInterrupts),
    store.get(facts.cpuFrequency),
    store.get(facts.cpuIsolation),
    store.get(facts.hugepages),
    store.get(facts.ksm),
  ]);
  return [
    ...(boot.ok ? bootRows(boot.value) : []),
    ...(cpu.ok ? kvmRows(cpu.value) : []),
    ...(iommu.ok ? iommuRows(iommu.value) : []),
    ...(unsafe.ok ? unsafeRows(unsafe.value) : []),
    ...(frequency.ok ? governorRows(frequency.value) : []),
    ...(isolation.ok ? isolationRows(isolation.value) : []),
    ...(hugepages.ok ? hugepageRows(hugepages.value) : []),
    ...(ksm.ok && ksm.value.state.state === 'ok'
      ? [{ name: 'Merging of equal pages (KSM)', value: ksm.value.state.value, source: KSM_PATH }]
      : []),
  ];
}

function bootRows(boot: BootSecurity): Row[] {
  const { isUefi, setupMode, lockdown } = boot;
  const rows: Row[] = [];
  if (isUefi.state === 'ok') rows.push({ name: 'Boot mode', value: isUefi.value ? 'UEFI' : 'BIOS', source: EFI_FOLDER });
  const isChecking = isSecureBootOn(boot);
  if (isUefi.state === 'ok' && isUefi.value && isChecking !== null) {
    const isSetup = setupMode.state === 'ok' && setupMode.value;
    rows.push({ name: 'Secure Boot', value: `${isChecking ? 'on' : 'off'}${isSetup ? ', in setup mode' : ''}`, source: SECURE_BOOT_PATH });
  }
  if (lockdown.state === 'ok') rows.push({ name: 'Kernel lockdown', value: lockdown.value, source: LOCKDOWN_PATH });
  return rows;
}

function kvmRows({ kvmModule }: Cpu): Row[] {
  if (kvmModule.state !== 'ok') return [];
  const { name, hasNestedPaging, allowsNesting, hasUnrestrictedGuest, hasVirtualInterrupts } = kvmModule.value;
  const isIntel = name === 'kvm_intel';
  const parameters: readonly (readonly [string, boolean | null])[] = [
    [isIntel ? 'ept' : 'npt', hasNestedPaging],
    ['nested', allowsNesting],
    [isIntel ? 'enable_apicv' : 'avic', hasVirtualInterrupts],
    ['unrestricted_guest', hasUnrestrictedGuest],
  ];
  const words = parameters.flatMap(([parameter, value]) => (value === null ? [] : [`${parameter} ${value ? 'on' : 'off'}`]));
  return words.length === 0 ? [] : [{ name: `Module ${name}`, value: words.join(', '), source: `/sys/module/${name}/parameters` }];
}

function iommuRows({ instances, groups }: Iommu): Row[] {
  const types = new Set(groups.flatMap(({ type }) => (type.state === 'ok' ? [type.value] : [])));
  const shown = [...types].toSorted().slice(0, 4);
  const value =
    instances.length === 0 ? 'not in force' : `${instances.join(', ')}${shown.length === 0 ? '' : `; groups of type ${shown.join(', ')}`}`;
  return [{ name: 'IOMMU', value, source: '/sys/class/iommu, /sys/kernel/iommu_groups/*/type' }];
}

function unsafeRows({ inForce, refused }: UnsafeInterrupts): Row[] {
  const files = inForce.length > 0 ? inForce : refused;
  if (files.length === 0) return [];
  return [{ name: 'Unsafe interrupts of VFIO', value: inForce.length > 0 ? 'allowed' : 'refused', source: files.join(', ') }];
}

/** `amd-pstate-epp: powersave (balance_performance)`, where policies differ each with its count. */
function governorRows({ driver, policies }: CpuFrequency): Row[] {
  const counts = new Map<string, number>();
  for (const { governor, energyPreference } of policies) {
    const words = energyPreference === null ? governor : `${governor} (${energyPreference})`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  if (driver === null || counts.size === 0) return [];
  const list = [...counts].map(([words, count]) => (counts.size === 1 ? words : `${count} × ${words}`));
  return [{ name: 'CPU governor', value: `${list.join(', ')}; driver ${driver}`, source: `${CPUFREQ_FOLDER}/policy*/scaling_governor` }];
}

function isolationRows({ isolated, tickless }: CpuIsolation): Row[] {
  return [
    cpuRow('Isolated CPUs', isolated, ISOLATED_PATH),
    ...(tickless === null ? [] : [cpuRow('CPUs without timer tick', tickless, '/sys/devices/system/cpu/nohz_full')]),
  ];
}

function cpuRow(name: string, cpus: readonly number[], source: string): Row {
  return { name, value: cpus.length === 0 ? 'none' : formatCpuList(cpus), source };
}

function hugepageRows({ pools, transparent, transparentShared }: Hugepages): Row[] {
  const filled = pools.filter(({ total }) => total > 0).map(({ sizeKiB, total, free }) => `${total} × ${sizeWords(sizeKiB)}, ${free} free`);
  const own = transparent.state === 'ok' ? transparent.value : null;
  const shared = transparentShared.state === 'ok' ? `; shared memory ${transparentShared.value}` : '';
  return [
    { name: 'Hugepages', value: filled.length === 0 ? 'none reserved' : filled.join('; '), source: HUGEPAGES },
    ...(own === null ? [] : [{ name: 'Transparent hugepages', value: `${own}${shared}`, source: '/sys/kernel/mm/transparent_hugepage' }]),
  ];
}

function sizeWords(sizeKiB: number): string {
  if (sizeKiB % (1024 * 1024) === 0) return `${sizeKiB / 1024 / 1024} GiB`;
  return sizeKiB % 1024 === 0 ? `${sizeKiB / 1024} MiB` : `${sizeKiB} KiB`;
}
