import type { InventoryDevice } from '../../inventory/model.ts';
import type { Machine, MachinePassthrough } from '../machine.ts';

/** What something on the map is to the VM that gets the GPU. */
export type PciRole = 'gpu' | 'function' | 'passed' | 'intruder' | 'untold' | 'unjudged' | 'tolerated' | 'bridge' | 'other';

/** One PCI function of the map, or another member of a group. */
export interface PciMember {
  /** Its address, or its name where it is no PCI device. */
  readonly name: string;
  /** Null: no PCI device. */
  readonly device: InventoryDevice | null;
  readonly driver: string | null;
  readonly isDriverUnseen: boolean;
  /** Null: in none, or it could not be seen. */
  readonly group: string | null;
  readonly isGroupUnseen: boolean;
  readonly role: PciRole;
  /** Its group holds something that goes to a VM. */
  readonly isInPassedGroup: boolean;
  readonly isBootDisplay: boolean;
  /** Its GPU is only likely the one that is meant. */
  readonly isLikely: boolean;
  /** VMs that are given it. */
  readonly vms: readonly string[];
  /** VMs that are given its GPU without it. */
  readonly notFor: readonly string[];
}

/** What is on the map: every PCI function, then members of groups that are none. */
export interface PciMembers {
  readonly members: readonly PciMember[];
  /** Groups that hold something that goes to a VM, in the order of the members. Empty where no IOMMU is in force. */
  readonly passedGroups: readonly string[];
  /** Those of them of which every member is known and was judged. */
  readonly judgedGroups: ReadonlySet<string>;
  /** Null: could not be looked at. */
  readonly isIommuInForce: boolean | null;
}

/** Gives each function its role. What is in the way is what the checks found to be; here it is only looked up. */
export function pciMembers({ inventory, vms, passthrough }: Machine): PciMembers {
  const devices = inventory.pciDevices ?? [];
  const { iommu } = inventory;
  const isIommuInForce = iommu === null ? null : iommu.instances.length > 0 && iommu.groups > 0;
  const gpus = new Map((inventory.gpus ?? []).map((gpu) => [gpu.address, gpu]));
  const passed = passedOf(passthrough, gpus, vms);
  const passedGroups = new Set(
    isIommuInForce === false ? [] : devices.flatMap(({ address, iommuGroup }) => (passed.has(address) ? (iommuGroup ?? []) : [])),
  );
  const gpuSlots = new Set([...gpus.keys()].flatMap((address) => (passed.has(address) ? [slotOf(address)] : [])));
  const vmsByAddress = namesByAddress(vms);
  const roleOf = roles({ passed, gpus, gpuSlots, passedGroups, passthrough });
  const vmsOfGpus = new Map([...gpus.keys()].map((address) => [slotOf(address), vmsByAddress.get(address) ?? []]));
  const pci = devices.map((device): PciMember => {
    const gpu = gpus.get(device.address);
    const role = roleOf(device.address, device.iommuGroup, device.classCode);
    const own = vmsByAddress.get(device.address) ?? [];
    return {
      name: device.address,
      device,
      driver: device.driver,
      isDriverUnseen: device.unknown?.includes('driver') === true,
      group: device.iommuGroup,
      isGroupUnseen: device.unknown?.includes('iommuGroup') === true,
      role,
      isInPassedGroup: passedGroups.has(device.iommuGroup ?? ''),
      isBootDisplay: gpu?.isBootDisplay === true,
      isLikely: gpu?.isLikely === true,
      vms: own,
      notFor: role === 'function' ? (vmsOfGpus.get(slotOf(device.address)) ?? []).filter((vm) => !own.includes(vm)) : [],
    };
  });
  const others = notOnBus({ iommu, passthrough }, passedGroups, roleOf);
  const judgedGroups = new Set(isIommuInForce === true ? passthrough?.groups : []);
  return { members: [...pci, ...others], passedGroups: [...passedGroups], judgedGroups, isIommuInForce };
}

/** Members of groups that are no PCI devices. Only of those beside what goes to a VM the driver is known. */
function notOnBus(
  { iommu, passthrough }: Pick<Machine['inventory'], 'iommu'> & Pick<RoleFacts, 'passthrough'>,
  passedGroups: ReadonlySet<string>,
  roleOf: ReturnType<typeof roles>,
): PciMember[] {
  const judged = new Map((passthrough?.others ?? []).map((other) => [`${other.group} ${other.name}`, other]));
  return (iommu?.others ?? []).map(({ group, name }): PciMember => {
    const { driver, mayStay } = judged.get(`${group} ${name}`) ?? { driver: null, mayStay: null };
    const own = { driver, isDriverUnseen: mayStay === null, isInPassedGroup: passedGroups.has(group) };
    return { ...NO_DEVICE, ...own, name, group, role: roleOf(name, group, '') };
  });
}

const NO_DEVICE = { device: null, isGroupUnseen: false, isBootDisplay: false, isLikely: false, vms: [], notFor: [] } as const;

/** What the checks took as passed; where they could not, what the definitions and the choice of the GPU say. */
function passedOf(passthrough: MachinePassthrough | undefined, gpus: Gpus, vms: Machine['vms']): ReadonlySet<string> {
  if (passthrough !== undefined) return new Set(passthrough.devices);
  const meant = [...gpus.values()].filter(({ isPassedThrough, isLikely }) => isPassedThrough || isLikely);
  return new Set([...meant.map(({ address }) => address), ...vms.flatMap(({ devices }) => devices)]);
}

type Gpus = ReadonlyMap<string, NonNullable<Machine['inventory']['gpus']>[number]>;

interface RoleFacts {
  readonly passed: ReadonlySet<string>;
  readonly gpus: Gpus;
  readonly gpuSlots: ReadonlySet<string>;
  readonly passedGroups: ReadonlySet<string>;
  readonly passthrough: MachinePassthrough | undefined;
}

function roles({ passed, gpus, gpuSlots, passedGroups, passthrough }: RoleFacts) {
  const judged = new Map((passthrough?.others ?? []).map(({ group, name, mayStay }) => [`${group} ${name}`, mayStay]));
  return (name: string, group: string | null, classCode: string): PciRole => {
    const isBridge = /^060[47]/.test(classCode);
    const mayStay = group !== null && passedGroups.has(group) ? judged.get(`${group} ${name}`) : undefined;
    // Of two VMs one can have what is in the way of the other.
    if (mayStay === false) return 'intruder';
    if (passed.has(name)) return gpus.has(name) ? 'gpu' : passedRole(gpuSlots.has(slotOf(name)));
    if (group === null || !passedGroups.has(group)) return isBridge ? 'bridge' : 'other';
    if (mayStay === null) return 'untold';
    if (mayStay === undefined) return 'unjudged';
    return isBridge ? 'bridge' : 'tolerated';
  };
}

function passedRole(isOfGpu: boolean): PciRole {
  return isOfGpu ? 'function' : 'passed';
}

/** `0000:01:00.1` → `0000:01:00` */
export function slotOf(address: string): string {
  const dot = address.lastIndexOf('.');
  return dot === -1 ? address : address.slice(0, dot);
}

function namesByAddress(vms: Machine['vms']): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { name, devices } of vms) {
    for (const address of new Set(devices)) {
      const known = names.get(address);
      if (known === undefined) names.set(address, [name]);
      else known.push(name);
    }
  }
  return names;
}
