import { defineCheck, type CheckFacts } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, type Outcome, pass, type Remedy } from '../../../src/engine/outcome.ts';
import { ACPI_TABLES, type Iommu, iommuVendor, isIommuInForce, isNoIommuGroup } from '../../../src/facts/iommu.ts';
import { iommuOffWord, isIntelOnByDefault, isIntelSwitchedOn, switchParts } from '../../../src/facts/iommu-switches.ts';
import type { KernelParameter } from '../../../src/facts/kernel.ts';
import { configValue } from '../../../src/facts/kernel-config.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { firmwareSetupSteps } from '../../../src/remedy/firmware-setup.ts';
import { kernelParameterSteps, type ParameterChange } from '../../../src/remedy/kernel-parameters.ts';

type Wanted = 'passthrough' | 'pciDevices' | 'kernel' | 'kernelConfig' | 'kernelLog' | 'platform' | 'cpu';
type Facts = CheckFacts<'iommu', Wanted>;

const INSTANCES = '/sys/class/iommu';
const GROUPS = '/sys/kernel/iommu_groups';

export default defineCheck({
  id: 'preflight/iommu/enabled',
  title: 'The kernel translates the DMA of devices through an IOMMU',
  severity: 'blocker',
  needs: ['iommu'],
  wants: ['passthrough', 'pciDevices', 'kernel', 'kernelConfig', 'kernelLog', 'platform', 'cpu'],
  why: 'Without a working IOMMU a device cannot be given to a virtual machine: it could read and write all memory of the host.',
  sources: [
    'https://docs.kernel.org/driver-api/vfio.html',
    'https://docs.kernel.org/admin-guide/kernel-parameters.html',
    'https://docs.kernel.org/admin-guide/abi-testing.html',
  ],
  evaluate(facts) {
    return isIommuInForce(facts.iommu) ? judgeDevices(facts) : explain(facts);
  },
});

/** The IOMMU works for others; does it for the devices that are passed through? */
function judgeDevices(facts: Facts): Outcome {
  const { iommu, passthrough, pciDevices, kernel, platform } = facts;
  const chosen = new Set(passthrough.ok ? passthrough.value.devices : []);
  const devices = (pciDevices.ok ? pciDevices.value : []).filter(({ address }) => chosen.has(address));
  for (const { address, iommuGroup } of devices) {
    if (iommuGroup.state !== 'unreadable') continue;
    return couldNotLook(`/sys/bus/pci/devices/${address}/iommu_group`, iommuGroup.detail, 'record the host again, as root');
  }
  const outside = devices.filter((device) => !isTranslated(device, iommu));
  const groups = iommu.groups.filter((group) => !isNoIommuGroup(group));
  if (outside.length === 0) {
    const types = [...new Set(groups.flatMap(({ type }) => (type.state === 'ok' ? [type.value] : [])))].toSorted();
    return pass(
      { source: INSTANCES, observed: iommu.instances.join(', ') },
      { source: GROUPS, observed: `${groups.length} groups${types.length === 0 ? '' : `, of type ${types.join(', ')}`}` },
    );
  }
  const excluded = kernel.ok ? kernel.value.parameters.find(({ value }) => /(^|,)(igfx|intgpu)_off/.test(value ?? '')) : undefined;
  return fail(`the IOMMU works, but not for ${outside.map(({ address }) => address).join(', ')}`, {
    evidence: [
      { source: `/sys/bus/pci/devices/${outside[0]?.address}/iommu_group`, observed: 'no group of an IOMMU', expected: 'a group' },
      { source: INSTANCES, observed: iommu.instances.join(', ') },
      ...(kernel.ok && excluded !== undefined ? [{ source: '/proc/cmdline', observed: `${excluded.name}=${excluded.value}` }] : []),
    ],
    remedy: excluded === undefined ? leftOut(outside, facts) : include(excluded, platform),
  });
}

/** Takes only the exclusion out: `on` beside it may be what switches the IOMMU on. */
function include({ name, value }: KernelParameter, platform: Facts['platform']): Remedy {
  const word = `${name}=${value}`;
  const rest = switchParts(value).filter((part) => !/^(?:igfx|intgpu)_off/.test(part));
  const instead = `${name}=${rest.join(',')}`;
  if (rest.length === 0) return change(`Remove ${word} from the kernel command line`, platform, { remove: [word] });
  return change(`Write ${instead} instead of ${word} on the kernel command line`, platform, { remove: [word], add: [instead] });
}

/** Debian's kernels leave Intel's integrated graphics out unless told to use the IOMMU. https://bugs.debian.org/935270 */
function leftOut(outside: readonly PciDevice[], { kernel, kernelConfig, platform }: Facts): Remedy {
  const isGraphics = outside.every(({ vendor, upstream }) => vendor === '8086' && upstream.length === 0);
  const isDefault = kernelConfig.ok && configValue(kernelConfig.value, 'CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF') === 'y';
  if (isGraphics && isDefault && kernel.ok && isIntelSwitchedOn(kernel.value) === null)
    return change('Add intel_iommu=on to the kernel command line: this kernel leaves integrated graphics out unless told', platform, {
      add: ['intel_iommu=on'],
    });
  return { summary: 'Update the firmware: its table leaves this device out, so no IOMMU driver takes it' };
}

function isTranslated({ iommuGroup }: PciDevice, { groups }: Iommu): boolean {
  const group = iommuGroup.state === 'ok' ? groups.find(({ id }) => id === iommuGroup.value) : undefined;
  return iommuGroup.state === 'ok' && (group === undefined || !isNoIommuGroup(group));
}

/** Why not: an option, how the kernel was built, the firmware. The state decides; the rest explains it. */
function explain(facts: Facts): Outcome {
  const { iommu, kernel, platform } = facts;
  const vendor = iommuVendor(iommu) ?? (facts.cpu.ok && facts.cpu.value.vendor !== 'other' ? facts.cpu.value.vendor : null);
  const word = kernel.ok ? iommuOffWord(kernel.value, vendor) : null;
  if (word !== null) {
    return off(iommu, `"${word}" is on the kernel command line`, [{ source: '/proc/cmdline', observed: word }], {
      ...change(`Remove ${word} from the kernel command line`, platform, { remove: [word] }),
    });
  }
  const tables = iommu.firmwareTables;
  if (tables.state === 'ok' && tables.value.length === 0) return withoutTable(facts, vendor);
  return builtWithout(facts, vendor) ?? offByDefault(facts, vendor) ?? unexplained(facts, vendor);
}

function withoutTable({ iommu, cpu }: Facts, vendor: 'intel' | 'amd' | null): Outcome {
  const isNested = cpu.ok && cpu.value.isNested;
  const table = { source: ACPI_TABLES, observed: 'neither DMAR nor IVRS', expected: 'DMAR (Intel) or IVRS (AMD)' };
  return off(
    iommu,
    isNested ? 'this virtual machine has none' : 'the firmware announces none',
    [table],
    isNested
      ? { summary: 'Give this virtual machine a virtual IOMMU with interrupt remapping, in the definition on its host' }
      : { summary: 'Switch the IOMMU on in the firmware setup', steps: firmwareSetupSteps('iommu', vendor) },
  );
}

function builtWithout({ iommu, kernelConfig }: Facts, vendor: 'intel' | 'amd' | null): Outcome | null {
  if (!kernelConfig.ok || vendor === null) return null;
  const key = vendor === 'intel' ? 'CONFIG_INTEL_IOMMU' : 'CONFIG_AMD_IOMMU';
  if (configValue(kernelConfig.value, key) !== null) return null;
  return off(iommu, `this kernel was built without ${key}`, [{ source: kernelConfig.value.source, observed: `${key} is not set` }], {
    summary: `Boot a kernel that has ${key}, such as the standard one of the distribution`,
  });
}

function offByDefault({ iommu, kernel, kernelConfig, platform }: Facts, vendor: 'intel' | 'amd' | null): Outcome | null {
  if (vendor !== 'intel' || !kernel.ok || isIntelSwitchedOn(kernel.value) === true) return null;
  if (kernelConfig.ok && isIntelOnByDefault(kernelConfig.value)) return null;
  const default_ = kernelConfig.ok
    ? { source: kernelConfig.value.source, observed: 'CONFIG_INTEL_IOMMU_DEFAULT_ON is not set' }
    : { source: kernelConfig.error.source, observed: kernelConfig.error.reason };
  return off(
    iommu,
    'this kernel needs "intel_iommu=on" on its command line',
    [{ source: '/proc/cmdline', observed: 'no intel_iommu=on' }, default_],
    change('Add intel_iommu=on to the kernel command line', platform, { add: ['intel_iommu=on'] }),
  );
}

const TROUBLE = /\b(DMAR|AMD-Vi|IVRS)\b.*(fail|broken|error|not supported|disabl|invalid|No .* found)/i;

function unexplained({ iommu, kernelLog }: Facts, vendor: 'intel' | 'amd' | null): Outcome {
  const lines = kernelLog.ok ? kernelLog.value.lines.filter((line) => TROUBLE.test(line)).slice(0, 5) : [];
  const log = kernelLog.ok
    ? lines.map((line) => ({ source: kernelLog.value.source, observed: line }))
    : [{ source: kernelLog.error.source, observed: kernelLog.error.reason }];
  return off(iommu, 'no driver has started', log, {
    summary: 'Look at what the kernel says of DMAR or AMD-Vi, switch the IOMMU on in the firmware setup, and update the firmware',
    steps: [{ run: "dmesg | grep -e DMAR -e AMD-Vi -e 'iommu:'" }, ...firmwareSetupSteps('iommu', vendor)],
  });
}

/** The state comes first: it is what counts. */
function off(iommu: Iommu, reason: string, more: readonly Evidence[], remedy: Remedy): Outcome {
  const tables = iommu.firmwareTables;
  const groups = iommu.groups.length === 0 ? 'empty' : `${iommu.groups.length} groups, none behind an IOMMU`;
  return fail(`the IOMMU is not in force: ${reason}`, {
    evidence: [
      { source: INSTANCES, observed: iommu.instances.length === 0 ? 'empty' : iommu.instances.join(', '), expected: 'dmar0 or ivhd0' },
      { source: GROUPS, observed: groups, expected: 'a folder for each group' },
      ...(tables.state === 'ok' && tables.value.length > 0 ? [{ source: ACPI_TABLES, observed: tables.value.join(', ') }] : []),
      ...(tables.state === 'unreadable' ? [{ source: ACPI_TABLES, observed: tables.detail }] : []),
      ...more,
    ],
    remedy,
  });
}

function change(summary: string, platform: Facts['platform'], words: ParameterChange): Remedy {
  return platform.ok ? { summary, steps: kernelParameterSteps(platform.value, words) } : { summary };
}
