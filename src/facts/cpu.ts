import { ABSENT, mapReading, ok, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { DMI_FOLDER } from './board.ts';
import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';
import { readAttribute, required, valueOrNull } from './read.ts';

export interface Cpu {
  /** Whose virtualisation extensions it has: `amd` also for Hygon, `other` for the rest. */
  readonly vendor: 'intel' | 'amd' | 'other';
  readonly modelName: string | null;
  /** Flags of the first processor, as the kernel left them: it clears those that the firmware locked off. */
  readonly flags: ReadonlySet<string>;
  readonly microcode: string | null;
  /** The machine that is judged is itself a virtual machine. */
  readonly isNested: boolean;
  /** What it runs in, for people: `KVM`, `VMware`; null when it does not say or is no virtual machine. */
  readonly hypervisor: string | null;
  /** The vendor module of KVM; absent: not loaded, so its parameters are not known. */
  readonly kvmModule: Reading<KvmModule>;
  /** KVM has registered its device, which it does only after it could switch the extensions on. Visible in containers too. */
  readonly isKvmActive: Reading<boolean>;
}

export interface KvmModule {
  readonly name: 'kvm_intel' | 'kvm_amd';
  /** Nested page tables: `ept` or `npt`. */
  readonly hasNestedPaging: boolean | null;
  /** The guest may itself run virtual machines. */
  readonly allowsNesting: boolean | null;
  /** Intel only. */
  readonly hasUnrestrictedGuest: boolean | null;
  /** AMD: AVIC; Intel: APICv. */
  readonly hasVirtualInterrupts: boolean | null;
}

export const CPUINFO = '/proc/cpuinfo';
export const KVM_DEVICE_CLASS = '/sys/class/misc/kvm';

export const cpu = defineFact({
  id: 'cpu',
  collect(host): Cpu {
    // A machine with 512 CPUs has 1 MB of this, and every block says the same of what is asked here.
    const text = new TextDecoder().decode(required(CPUINFO, host.readRange(CPUINFO, 0, 16_384)));
    const fields = parseFirstProcessor(text);
    const flags = fields.get('flags');
    if (flags === undefined) {
      throw new FactError({ source: CPUINFO, reason: 'no line "flags": not an x86 processor, or not the whole file' });
    }
    const known = new Set(flags.split(/\s+/).filter((flag) => flag !== ''));
    const isNested = known.has('hypervisor');
    return {
      vendor: VENDORS[fields.get('vendor_id') ?? ''] ?? 'other',
      modelName: fields.get('model name')?.replaceAll(/\s+/g, ' ') ?? null,
      flags: known,
      microcode: fields.get('microcode') ?? null,
      isNested,
      hypervisor: isNested ? hypervisorName(host) : null,
      kvmModule: readKvmModule(host),
      isKvmActive: existence(host.stat(KVM_DEVICE_CLASS)),
    };
  },
});

const VENDORS: Readonly<Record<string, 'intel' | 'amd'>> = { GenuineIntel: 'intel', AuthenticAMD: 'amd', HygonGenuine: 'amd' };

/** The lines `name : value` of the first block of /proc/cpuinfo. */
export function parseFirstProcessor(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const cut = line.indexOf(':');
    if (cut === -1) {
      if (fields.size > 0) break;
      continue;
    }
    const name = line.slice(0, cut).trim();
    if (name === 'processor' && fields.has(name)) break;
    if (!fields.has(name)) fields.set(name, line.slice(cut + 1).trim());
  }
  return fields;
}

function readKvmModule(host: HostSource): Reading<KvmModule> {
  for (const name of ['kvm_intel', 'kvm_amd'] as const) {
    const folder = `/sys/module/${name}`;
    const stat = host.stat(folder);
    if (stat.state === 'unreadable') return stat;
    if (stat.state === 'absent') continue;
    const flag = (parameter: string): boolean | null =>
      valueOrNull(mapReading(readAttribute(host, `${folder}/parameters/${parameter}`), (value) => /^[Yy1]/.test(value)));
    return ok({
      name,
      hasNestedPaging: flag(name === 'kvm_intel' ? 'ept' : 'npt'),
      allowsNesting: flag('nested'),
      hasUnrestrictedGuest: name === 'kvm_intel' ? flag('unrestricted_guest') : null,
      hasVirtualInterrupts: flag(name === 'kvm_intel' ? 'enable_apicv' : 'avic'),
    });
  }
  return ABSENT;
}

function existence(stat: Reading<unknown>): Reading<boolean> {
  return stat.state === 'absent' ? ok(false) : mapReading(stat, () => true);
}

/** Strings of SMBIOS that hypervisors give their machines, as systemd-detect-virt knows them. */
const HYPERVISORS: readonly (readonly [RegExp, string])[] = [
  [/KVM/, 'KVM'],
  [/^(?:QEMU|Red Hat|oVirt|OpenStack)/, 'KVM or QEMU'],
  [/^VMware/i, 'VMware'],
  [/^(?:innotek GmbH|VirtualBox|Oracle Corporation)/, 'VirtualBox'],
  [/^Xen/, 'Xen'],
  [/^(?:Virtual Machine|Hyper-V)/, 'Hyper-V'],
  [/^Parallels/, 'Parallels'],
  [/^Amazon EC2/, 'Amazon EC2'],
  [/^Google/, 'Google Compute Engine'],
  [/^(?:BHYVE|FreeBSD)/i, 'bhyve'],
  [/Apple Virtualization/, 'Apple Virtualization'],
];

function hypervisorName(host: HostSource): string | null {
  if (valueOrNull(readAttribute(host, '/sys/hypervisor/type')) === 'xen') return 'Xen';
  for (const file of ['product_name', 'sys_vendor', 'board_vendor', 'bios_vendor']) {
    const text = valueOrNull(readAttribute(host, `${DMI_FOLDER}/${file}`)) ?? '';
    const known = HYPERVISORS.find(([pattern]) => pattern.test(text));
    if (known !== undefined) return known[1];
  }
  return null;
}
