import { kernelWords, parseKernelCommandLine } from '../facts/kernel.ts';

/** Parameters that change what a VM can do or how fast it is. A name that is not here may hold a password or a key. */
const SHOWN = new Set([
  'iommu',
  'intel_iommu',
  'amd_iommu',
  'amd_iommu_intr',
  'intremap',
  'iommu.passthrough',
  'iommu.strict',
  'ivrs_ioapic',
  'ivrs_hpet',
  'pci',
  'pcie_acs_override',
  'pcie_aspm',
  'pcie_ports',
  'pcie_port_pm',
  'isolcpus',
  'nohz',
  'nohz_full',
  'rcu_nocbs',
  'rcu_nocb_poll',
  'irqaffinity',
  'threadirqs',
  'skew_tick',
  'preempt',
  'tsc',
  'clocksource',
  'idle',
  'nowatchdog',
  'nmi_watchdog',
  'hugepages',
  'hugepagesz',
  'default_hugepagesz',
  'hugetlb_cma',
  'transparent_hugepage',
  'numa_balancing',
  'mem',
  'maxcpus',
  'nr_cpus',
  'nosmt',
  'mitigations',
  'intel_pstate',
  'amd_pstate',
  'cpufreq.default_governor',
  'video',
  'nomodeset',
  'module_blacklist',
  'modprobe.blacklist',
  'initcall_blacklist',
  'rd.driver.pre',
  'rd.driver.blacklist',
  'lockdown',
]);

/** Modules all of whose parameters are shown. */
const MODULES = new Set([
  'kvm',
  'kvm_intel',
  'kvm_amd',
  'vfio',
  'vfio_pci',
  'vfio_iommu_type1',
  'iommufd',
  'kvmfr',
  'i915',
  'xe',
  'amdgpu',
  'radeon',
  'nouveau',
  'nvidia',
  'nvidia_drm',
  'snd_hda_intel',
  'processor',
  'intel_idle',
]);

/**
 * The kernel command line as far as it matters for VMs, as written, and how many words were left out: what names disks, servers, keys and
 * passwords stays on the host, because a report is handed on.
 */
export function kernelWordsShown(commandLine: string): string {
  const words = kernelWords(commandLine);
  const shown = words.filter((word) => parseKernelCommandLine(word).some(({ name }) => isShown(name)));
  const left = words.length - shown.length;
  const others = `${left} ${left === 1 ? 'other word' : 'other words'} not shown`;
  if (left === 0) return shown.join(' ');
  return shown.length === 0 ? `(${others})` : `${shown.join(' ')} (${others})`;
}

function isShown(name: string): boolean {
  const dot = name.indexOf('.');
  return SHOWN.has(name) || (dot !== -1 && MODULES.has(name.slice(0, dot)));
}
