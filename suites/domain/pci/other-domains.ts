import type { DomainDocument } from '../../../src/domain/document.ts';
import { type ExclusiveDevice, exclusiveDevices } from '../../../src/domain/host-devices.ts';
import type { CheckFacts } from '../../../src/engine/check.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, type Evidence, notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import { isActive } from '../../../src/facts/judged-domains.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';

type Facts = CheckFacts<never, 'definedDocuments' | 'pciDevices'>;

/** Another domain, and its state where libvirt knows it. */
interface Other {
  readonly document: DomainDocument;
  readonly state: string | null;
}

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
    const others = othersOf(document, facts, given);
    if (others.length === 0) return alone(facts);
    const groups = groupsOf(facts);
    const users = usersByKey(others, groups);
    const self = stateOf(document, facts);
    return own.map((device) => judge(document, device, { users, groups, isRunning: self !== null && isActive({ state: self }) }));
  },
});

/** Nobody else to share with: seen on a host, unknown without one. */
function alone({ definedDocuments, pciDevices }: Facts): Outcome {
  if (definedDocuments.ok) return notApplicable('libvirt has no other domain');
  if (!pciDevices.ok) return notApplicable('no other domain was given');
  const { source, reason, hint } = definedDocuments.error;
  return couldNotLook(source, reason, hint ?? 'Run passcheck as a user who may ask libvirt', 'minor');
}

/** The other domains of this call and of libvirt; what has the same name or UUID is the same domain. */
function othersOf(document: DomainDocument, { definedDocuments }: Facts, given: readonly DomainDocument[]): readonly Other[] {
  const defined: readonly Other[] = definedDocuments.ok ? definedDocuments.value : [];
  const named = new Map<string, Other>(defined.map((other) => [other.document.domain.name, other]));
  for (const other of given) {
    const state = named.get(other.domain.name)?.state ?? null;
    // What runs has the devices of its definition, not those of a file.
    if (state === null || !isActive({ state })) named.set(other.domain.name, { document: other, state });
  }
  return [...named.values()].filter((other) => !isSame(other.document, document));
}

function isSame({ domain: one }: DomainDocument, { domain: other }: DomainDocument): boolean {
  return one.name === other.name || (one.uuid !== null && one.uuid === other.uuid);
}

function stateOf({ domain: { name } }: DomainDocument, { definedDocuments }: Facts): string | null {
  if (!definedDocuments.ok) return null;
  return definedDocuments.value.find(({ document }) => document.domain.name === name)?.state ?? null;
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
  readonly other: Other;
  readonly device: ExclusiveDevice;
}

function usersByKey(others: readonly Other[], groups: Groups): ReadonlyMap<string, readonly User[]> {
  const users = new Map<string, User[]>();
  for (const other of others) {
    for (const device of exclusiveDevices(other.document)) {
      const key = keyOf(device.id, groups);
      const known = users.get(key);
      if (known === undefined) users.set(key, [{ other, device }]);
      else known.push({ other, device });
    }
  }
  return users;
}

interface Situation {
  readonly users: ReadonlyMap<string, readonly User[]>;
  readonly groups: Groups;
  /** Is the judged domain running itself? */
  readonly isRunning: boolean;
}

function runs({ other: { state } }: User): boolean {
  return state !== null && isActive({ state });
}

/** Who runs comes first, then who is given the device itself. */
function rank(user: User, id: string): number {
  return (runs(user) ? 2 : 0) + (user.device.id === id ? 1 : 0);
}

function judge(document: DomainDocument, { id, named }: ExclusiveDevice, { users, groups, isRunning }: Situation): Outcome {
  const found = users.get(keyOf(id, groups)) ?? [];
  const [user] = found.toSorted((a, b) => rank(b, id) - rank(a, id));
  if (user === undefined) return passAt(document, named);
  const name = user.other.document.domain.name.trim() || user.other.document.label;
  const what =
    user.device.id === id ? `is given to ${name} as well` : `is in one IOMMU group with ${user.device.id}, which ${name} is given`;
  const blocks = runs(user) && !isRunning;
  return failAt(document, named, blocks ? `${id} ${what}, and ${name} is running` : `${id} ${what}: the two cannot run together`, {
    evidence: evidenceOf(user),
    remedy: blocks
      ? { summary: `Stop ${name} first`, steps: [{ run: `virsh shutdown ${shellWord(name)}` }] }
      : xmlRemedy(document, `Run one of the two at a time, or give ${name} another device`),
    severity: blocks ? 'blocker' : 'minor',
  });
}

function evidenceOf({ other: { document, state }, device }: User): readonly Evidence[] {
  const seen = seenAt(document, device.named);
  return state === null ? [seen] : [seen, { source: 'virsh list --all', observed: `${document.domain.name}: ${state}` }];
}
