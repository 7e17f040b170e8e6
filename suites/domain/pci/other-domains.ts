import type { DomainDocument } from '../../../src/domain/document.ts';
import { type ExclusiveDevice, exclusiveDevices } from '../../../src/domain/host-devices.ts';
import type { CheckFacts } from '../../../src/engine/check.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';
import { groupedBy } from '../../../src/grouped.ts';
import { isRunning, type Neighbour, neighbourEvidence, neighboursOf, runs, unseenNeighbours } from '../neighbours.ts';

type Facts = CheckFacts<never, 'definedDocuments' | 'pciDevices'>;

export default defineDomainRule({
  id: 'domain/pci/other-domains',
  title: 'No other domain needs a PCI device of this one at the same time',
  severity: 'blocker',
  wantsHost: ['definedDocuments', 'pciDevices'],
  why: 'A device, and everything in its IOMMU group, belongs to one running domain: libvirt does not start a second one that is given it.',
  sources: [
    'https://docs.kernel.org/driver-api/vfio.html',
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/hypervisor/virhostdev.c',
  ],
  evaluate(document, facts, given) {
    const own = exclusiveDevices(document);
    if (own.length === 0) return [];
    // All of them: each is looked at once.
    const others = neighboursOf(document, facts.definedDocuments, given, Number.POSITIVE_INFINITY);
    if (others.length === 0) return alone(facts);
    const groups = groupsOf(facts);
    const users = usersByKey(others, groups);
    const situation = { users, groups, selfRuns: isRunning(document, facts.definedDocuments) };
    return own.map((device) => judge(document, device, situation));
  },
});

/** Nobody else to share with: seen on a host, unknown without one. */
function alone({ definedDocuments }: Facts): Outcome {
  if (definedDocuments.ok) return notApplicable('libvirt has no domain of another name');
  return unseenNeighbours(definedDocuments, []) ?? notApplicable('no other domain was given');
}

type Groups = ReadonlyMap<string, string>;

function groupsOf({ pciDevices }: Facts): Groups {
  const devices: readonly PciDevice[] = pciDevices.ok ? pciDevices.value : [];
  return new Map(
    devices.flatMap(({ address, iommuGroup }): [string, string][] => (iommuGroup.state === 'ok' ? [[address, iommuGroup.value]] : [])),
  );
}

/** Devices in one group go together; one whose group is not known stands for itself. */
function keyOf(address: string, groups: Groups): string {
  const group = groups.get(address);
  return group === undefined ? address : `group ${group}`;
}

interface User {
  readonly other: Neighbour;
  readonly device: ExclusiveDevice;
}

function usersByKey(others: readonly Neighbour[], groups: Groups): ReadonlyMap<string, readonly User[]> {
  const users = others.flatMap((other) => exclusiveDevices(other.document).map((device): User => ({ other, device })));
  return groupedBy(users, ({ device }) => keyOf(device.id, groups));
}

interface Situation {
  readonly users: ReadonlyMap<string, readonly User[]>;
  readonly groups: Groups;
  /** Is the judged domain running itself? */
  readonly selfRuns: boolean;
}

/** Who runs comes first, then who is given the device itself. */
function rank(user: User, id: string): number {
  return (runs(user.other) ? 2 : 0) + (user.device.id === id ? 1 : 0);
}

function judge(document: DomainDocument, { id, named }: ExclusiveDevice, { users, groups, selfRuns }: Situation): Outcome {
  const found = users.get(keyOf(id, groups)) ?? [];
  const [user] = found.toSorted((a, b) => rank(b, id) - rank(a, id));
  if (user === undefined) return passAt(document, named);
  const name = user.other.document.domain.name.trim() || user.other.document.label;
  const what =
    user.device.id === id ? `is given to ${name} as well` : `is in one IOMMU group with ${user.device.id}, which ${name} is given`;
  const blocks = runs(user.other) && !selfRuns;
  return failAt(document, named, blocks ? `${id} ${what}, and ${name} is running` : `${id} ${what}: the two cannot run together`, {
    evidence: neighbourEvidence(user.other, user.device.named),
    remedy: blocks
      ? { summary: `Stop ${name} first`, steps: [{ run: `virsh shutdown ${shellWord(name)}` }] }
      : xmlRemedy(document, `Run one of the two at a time, or give ${name} another device`),
    severity: blocks ? 'blocker' : 'minor',
  });
}
