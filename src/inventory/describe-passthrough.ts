import type { DomainDocument } from '../domain/document.ts';
import { withGpuFunctions } from '../facts/gpu-devices.ts';
import { type GroupMember, otherMembers } from '../facts/group-members.ts';
import { type IommuGroup, isIommuInForce } from '../facts/iommu.ts';
import { passedGroups } from '../facts/passed-groups.ts';
import { groupedBy } from '../grouped.ts';
import type { MachinePassthrough } from '../report/machine.ts';
import type { InventoryFacts } from './collect.ts';

type Given = Pick<InventoryFacts, 'pciDevices' | 'iommu' | 'kernel' | 'passthrough'>;
type Member = MachinePassthrough['others'][number];

/**
 * What goes to the VMs, and what VFIO finds beside it in its groups: each given definition for itself, as the rules judge it, else the
 * host as a whole. Null where the devices, the groups or the choice could not be looked at.
 */
export function describePassthrough(given: Given, documents: readonly Pick<DomainDocument, 'domain'>[]): MachinePassthrough | null {
  const passed = passedTogether(given, documents);
  if (passed === null || !given.iommu.ok) return null;
  const found = passed.map((devices) => ({ devices, groups: groupsOf(devices, given) }));
  return {
    devices: [...new Set(passed.flat())].toSorted(),
    groups: [...new Set(found.flatMap(({ groups }) => groups.map(({ id }) => id)))],
    others: worstOfEach(found.flatMap(({ devices, groups }) => groups.flatMap((group) => membersBeside(group, devices, given)))),
  };
}

/** What goes to one VM, for each definition; without any, all that goes. */
function passedTogether({ pciDevices, passthrough }: Given, documents: readonly Pick<DomainDocument, 'domain'>[]) {
  if (!pciDevices.ok) return null;
  if (documents.length === 0) return passthrough.ok ? [passthrough.value.devices] : null;
  return documents.map(({ domain }) => {
    const addresses = domain.pciDevices.map(({ address }) => address);
    return withGpuFunctions(pciDevices.value, addresses);
  });
}

function groupsOf(passed: readonly string[], { pciDevices, iommu }: Given): IommuGroup[] {
  if (!pciDevices.ok || !iommu.ok || !isIommuInForce(iommu.value)) return [];
  return passedGroups(passed, pciDevices.value, iommu.value).flatMap(({ group }) => (group.state === 'ok' ? [group.value] : []));
}

function membersBeside(group: IommuGroup, passed: readonly string[], { pciDevices, kernel }: Given): Member[] {
  const devices = pciDevices.ok ? pciDevices.value : [];
  return otherMembers(group, passed, devices, kernel.ok ? kernel.value : { version: null }).map((member) => toMember(group.id, member));
}

function toMember(group: string, { name, driver, mayStay }: GroupMember): Member {
  return { group, name, driver: driver.state === 'ok' ? driver.value : null, mayStay };
}

/** What one VM cannot have beside its device is in the way, whatever the others say. */
function worstOfEach(members: readonly Member[]): Member[] {
  const found = groupedBy(members, ({ group, name }) => `${group} ${name}`);
  return [...found.values()].flatMap((same) => {
    const [first] = same;
    return same.find(({ mayStay }) => mayStay === false) ?? same.find(({ mayStay }) => mayStay === null) ?? first ?? [];
  });
}
