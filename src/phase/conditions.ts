import type { Machine } from '../report/machine.ts';
import type { CriterionState } from './verdicts.ts';

/** What a condition says of the description of a machine. */
export interface ConditionAnswer {
  readonly state: CriterionState;
  readonly message: string;
  readonly next?: string;
}

/** Something that the description of a machine can show, by the name that a phase file has for it. */
export const MACHINE_CONDITIONS: Readonly<Record<string, (machine: Machine) => ConditionAnswer>> = {
  'hardware-listed': hardwareListed,
  'iommu-groups-listed': iommuGroupsListed,
  'gpu-on-vfio-pci': gpuOnVfio,
  'ordinary-user': ordinaryUser,
};

/** CPU, mainboard, graphics, memory and disks. */
function hardwareListed({ inventory }: Machine): ConditionAnswer {
  const { cpu, board, gpus, memory, disks } = inventory;
  const parts = {
    CPU: cpu?.model ?? null,
    mainboard: board?.name ?? board?.system ?? null,
    'graphics cards': gpus,
    memory: memory.totalKiB,
    disks,
  };
  const missing = Object.entries(parts).flatMap(([name, part]) =>
    part === null || (Array.isArray(part) && part.length === 0) ? [name] : [],
  );
  if (missing.length > 0) return unseen(missing.join(', '), inventory.hidden);
  return { state: 'met', message: `the report lists ${Object.keys(parts).join(', ')}` };
}

/** Every PCI device, and the group of each that is in one. */
function iommuGroupsListed({ inventory }: Machine): ConditionAnswer {
  const { pciDevices, iommu, hidden } = inventory;
  if (pciDevices === null || iommu === null) return unseen(pciDevices === null ? 'PCI devices' : 'IOMMU groups', hidden);
  if (pciDevices.length === 0) return unseen('PCI devices', hidden);
  const unknown = pciDevices.filter((device) => device.unknown?.includes('iommuGroup') === true).map(({ address }) => address);
  if (unknown.length > 0) return unseen(`the IOMMU group of ${someOf(unknown)}`, hidden);
  if (iommu.instances.length === 0 || iommu.groups === 0)
    return { state: 'failed', message: 'no IOMMU is in force: no PCI device has a group', next: 'passcheck explain iommu/enabled' };
  const without = pciDevices.filter(({ iommuGroup }) => iommuGroup === null).length;
  const rest = without === 0 ? '' : `; ${without} of the devices in none`;
  return { state: 'met', message: `${pciDevices.length} PCI devices, ${iommu.groups} IOMMU groups${rest}` };
}

/** The driver that `lspci -nnk` names for the GPU that is passed through. */
function gpuOnVfio({ inventory: { gpus, hidden } }: Machine): ConditionAnswer {
  if (gpus === null) return unseen('graphics cards', hidden);
  const passed = gpus.filter(({ isPassedThrough }) => isPassedThrough);
  if (passed.length === 0)
    return { state: 'could-not-look', message: 'nothing says which GPU goes to the VM', next: 'name it in passcheck.yaml (gpu:)' };
  const unknown = passed.filter((gpu) => gpu.unknown?.includes('driver') === true).map(({ address }) => address);
  if (unknown.length > 0) return unseen(`the driver of ${someOf(unknown)}`, hidden);
  const other = passed.filter(({ driver }) => driver !== 'vfio-pci');
  const [first] = other;
  if (first !== undefined)
    return {
      state: 'failed',
      message: `the driver of ${first.address} is ${first.driver ?? 'none'}, not vfio-pci`,
      next: 'passcheck explain vfio/driver-bound',
    };
  return { state: 'met', message: `vfio-pci is the driver of ${someOf(passed.map(({ address }) => address))}` };
}

/** Root may do everything, so what root may do says nothing about a user. */
function ordinaryUser({ environment }: Machine): ConditionAnswer {
  const users = environment.filter(({ name }) => name === 'User').map(({ value }) => value);
  if (users.length === 0) return { state: 'could-not-look', message: 'the report does not say who ran passcheck' };
  // Of reports that were put together nothing says whose the results about libvirt are.
  if (!users.includes('root')) return { state: 'met', message: `${someOf(users)} ran passcheck` };
  return {
    state: 'could-not-look',
    message: 'passcheck ran as root, who may do everything',
    next: 'run passcheck as the user who is meant',
  };
}

function unseen(what: string, hidden: Machine['inventory']['hidden']): ConditionAnswer {
  const hint = hidden.find((part) => part.hint !== null)?.hint ?? 'run passcheck on the host itself, as root';
  return { state: 'could-not-look', message: `could not be seen: ${what}`, next: hint };
}

function someOf(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}
