import { asWord, switchParts } from './iommu-switches.ts';
import type { KernelParameter } from './kernel.ts';

/** A word of the command line that does not do what its writer meant. */
export interface IdleWord {
  /** As the kernel compares it: with underscores in its name. */
  readonly word: string;
  /** What is wrong with it. */
  readonly reason: string;
  /** What should stand there instead; null: nothing. */
  readonly instead: string | null;
}

/** What decides whether a word does anything. Null: not known, and then nothing is said. */
export interface WordContext {
  readonly vendor: 'intel' | 'amd' | null;
  /** Is the kernel at least 6.2? */
  readonly hasNoVirqfd: boolean | null;
  /** Does the firmware's framebuffer go through the common driver, so that efifb and vesafb do not exist? */
  readonly hasSimpleFramebuffer: boolean | null;
  /** Names that the kernel itself reported as unknown, with underscores. */
  readonly reportedUnknown: ReadonlySet<string>;
}

// Parts by parameter, as the kernel's parsers compare them: by their beginning. Includes what older kernels knew.
// drivers/iommu/intel/iommu.c, drivers/iommu/amd/init.c, drivers/iommu/irq_remapping.c, arch/x86/kernel/{pci-dma,amd_gart_64}.c
const PARTS: Readonly<Record<string, readonly string[]>> = {
  // `intgpu_off` is Debian's.
  intel_iommu: [
    'on',
    'off',
    'igfx_off',
    'intgpu_off',
    'forcedac',
    'strict',
    'sp_off',
    'sm_on',
    'sm_off',
    'tboot_noforce',
    'ecs_off',
    'pasid28',
  ],
  amd_iommu: [
    'off',
    'force_isolation',
    'force_enable',
    'fullflush',
    'pgtbl_v1',
    'pgtbl_v2',
    'irtcachedis',
    'nohugepages',
    'v2_pgsizes_only',
  ],
  intremap: ['on', 'off', 'nosid', 'no_x2apic_optout', 'nopost', 'posted_msi'],
  iommu: (
    'off force noforce biomerge panic nopanic merge nomerge forcesac allowdac nodac usedac soft pt nopt group_mf calgary ' +
    'leak fullflush nofullflush noagp noaperture memaper nobypass'
  ).split(' '),
};

/** Names that people write for others; what they mean, null where no word is needed or only they know the value. */
const MISSPELT: Readonly<Record<string, string | null>> = {
  iommu_intel: 'intel_iommu=on',
  iommu_amd: null,
  allow_unsafe_interrupts: 'vfio_iommu_type1.allow_unsafe_interrupts=1',
  vfio_pci_ids: null,
  'vfio_pci.id': null,
  'vfio.ids': null,
  'vfio_iommu.allow_unsafe_interrupts': 'vfio_iommu_type1.allow_unsafe_interrupts=1',
};

/** What the kernel calls unknown is only worth a word where it was meant for what passcheck judges. */
const OURS = /iommu|vfio|acs|intremap|hugepage|kvm/;

/** What this word does not do; null when nothing is known against it. */
export function judgeWord(parameter: KernelParameter, context: WordContext): IdleWord | null {
  const found = otherVendor(parameter, context) ?? unknownPart(parameter) ?? outdated(parameter, context) ?? misspelt(parameter);
  return found === null ? null : { word: asWord(parameter), ...found };
}

type Finding = Omit<IdleWord, 'word'>;

function otherVendor({ name, value }: KernelParameter, { vendor }: WordContext): Finding | null {
  if (name === 'amd_iommu' && switchParts(value).some((part) => part === 'on')) {
    return {
      reason: 'not an option of the kernel ("Unknown option - \'on\'"): AMD IOMMUs are on by default',
      instead: withoutPart(name, value, 'on'),
    };
  }
  if (name === 'intel_iommu' && vendor === 'amd') return { reason: 'this machine has an AMD IOMMU', instead: null };
  if (name === 'amd_iommu' && vendor === 'intel') return { reason: 'this machine has an Intel IOMMU', instead: null };
  return null;
}

function unknownPart({ name, value }: KernelParameter): Finding | null {
  const known = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (known === undefined) return null;
  const parts = switchParts(value);
  if (parts.length === 0)
    return { reason: `${name} without a value is not read`, instead: name === 'intel_iommu' ? 'intel_iommu=on' : null };
  const wrong = parts.find((part) => !known.some((word) => part.startsWith(word)));
  if (wrong === undefined) return null;
  const rest = withoutPart(name, value, wrong);
  if (wrong === 'pt')
    return { reason: `"pt" is not an option of ${name}`, instead: [rest, 'iommu=pt'].filter((word) => word !== null).join(' ') };
  if (name === 'iommu' && /^(?:1|on|yes|y|true|enable|enabled)$/.test(wrong)) {
    return { reason: `"${wrong}" is not an option of iommu, and switches nothing on`, instead: rest };
  }
  // GART, of AMD machines before 2010, takes a size here.
  if (name === 'iommu' && /^\d+$/.test(wrong)) return null;
  return { reason: `"${wrong}" is not an option of ${name}`, instead: rest };
}

/** The word without one of its parts; null when nothing is left. */
function withoutPart(name: string, value: string | null, part: string): string | null {
  const rest = switchParts(value).filter((one) => one !== part);
  return rest.length === 0 ? null : `${name}=${rest.join(',')}`;
}

function outdated({ name, value }: KernelParameter, context: WordContext): Finding | null {
  if (context.reportedUnknown.has(name) && OURS.test(name)) return { reason: 'the kernel itself reports it as unknown', instead: null };
  if (context.hasNoVirqfd === true && MODULE_LISTS.has(name)) {
    const modules = switchParts(value);
    const rest = modules.filter((module) => module.replaceAll('-', '_') !== 'vfio_virqfd');
    if (rest.length === modules.length) return null;
    return { reason: 'vfio_virqfd has been a part of vfio since 6.2', instead: rest.length === 0 ? null : `${name}=${rest.join(',')}` };
  }
  if (name === 'video' && context.hasSimpleFramebuffer === true && /^(?:efifb|vesafb):off$/.test(value ?? '')) {
    return { reason: 'the framebuffer of the firmware goes through simpledrm here, which does not read it', instead: null };
  }
  return null;
}

/** Words that dracut and systemd read: modules to load. */
const MODULE_LISTS: ReadonlySet<string> = new Set(['rd.driver.pre', 'rd.driver.post', 'modules_load', 'rd.modules_load']);

function misspelt({ name }: KernelParameter): Finding | null {
  const instead = Object.hasOwn(MISSPELT, name) ? MISSPELT[name] : undefined;
  return instead === undefined ? null : { reason: 'no option has this name', instead };
}
