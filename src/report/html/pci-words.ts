import { fit } from '../fit.ts';
import type { PciMember, PciMembers, PciRole } from './pci-members.ts';
import { isPassed } from './pci-rows.ts';

/** The letter in a member's square, so that nobody has to tell colours apart. */
export const ROLE_LETTERS: Readonly<Record<PciRole, string>> = {
  gpu: 'G',
  function: 'F',
  passed: 'P',
  intruder: '!',
  untold: '?',
  unjudged: '?',
  tolerated: '✓',
  bridge: 'B',
  other: '',
};

/** What a member is on the map, what tells most first: `GPU`, `boot display`, `for win11`; nothing for what has no part in it. */
export function roleParts(member: PciMember): string[] {
  const { isBootDisplay, vms, notFor } = member;
  const parts = [
    ownWords(member),
    isBootDisplay ? 'boot display' : '',
    vms.length === 0 ? '' : `for ${firstOf(vms, MOST_OF_VM)}`,
    notFor.length === 0 ? '' : `not given to ${firstOf(notFor, MOST_OF_VM)}`,
  ];
  return parts.filter((part) => part !== '');
}

function ownWords(member: PciMember): string {
  const { role, isLikely, isInPassedGroup } = member;
  switch (role) {
    case 'gpu':
      return isLikely ? 'likely GPU' : 'GPU';
    case 'function':
      return isAudio(member) ? 'audio of the GPU' : 'function of the GPU';
    case 'passed':
      return 'passed through';
    case 'intruder':
      return 'intruder';
    case 'untold':
      return 'could not be told';
    case 'unjudged':
      return 'not judged';
    case 'tolerated':
      return 'may stay';
    case 'bridge':
      return isInPassedGroup ? 'bridge, may stay' : 'bridge';
    case 'other':
      return '';
  }
}

/** Class 0403: the sound of a display's cable. */
function isAudio({ device }: PciMember): boolean {
  return device?.classCode.startsWith('0403') === true;
}

/** What is to be said of the groups of what goes to the VM, and how bad it is. */
export interface GroupSentence {
  readonly state: 'go' | 'no-go' | 'open';
  /** In a word. */
  readonly mark: string;
  readonly words: string;
}

/** One sentence for each group that holds something passed, then for what has no group. */
export function groupSentences({ members, passedGroups, judgedGroups, isIommuInForce }: PciMembers): GroupSentence[] {
  if (isIommuInForce === false) return [];
  const byGroup = new Map<string, PciMember[]>(passedGroups.map((group) => [group, []]));
  for (const member of members) byGroup.get(member.group ?? '')?.push(member);
  const passed = members.filter(isPassed);
  const none = passed.filter(({ group, isGroupUnseen }) => group === null && !isGroupUnseen);
  const hidden = passed.filter(({ isGroupUnseen }) => isGroupUnseen);
  return [
    ...[...byGroup].map(([group, inGroup]) => groupSentence(group, inGroup, judgedGroups.has(group))),
    ...(none.length === 0 ? [] : [{ state: 'no-go' as const, mark: 'No group', words: `${list(none)}: in no IOMMU group` }]),
    ...(hidden.length === 0 ? [] : [{ state: 'open' as const, mark: 'Open', words: `${list(hidden)}: the IOMMU group could not be seen` }]),
  ];
}

function groupSentence(group: string, inGroup: readonly PciMember[], isJudged: boolean): GroupSentence {
  const of = (role: PciRole): PciMember[] => inGroup.filter((member) => member.role === role);
  const about = `Group ${fit(group, MOST_COLUMNS)} with ${list(inGroup.filter(isPassed))}`;
  const [intruders, untold, unjudged] = [of('intruder'), of('untold'), of('unjudged')];
  if (intruders.length > 0) return { state: 'no-go', mark: 'Shared', words: `${about} also holds ${list(intruders)}, which the host uses` };
  if (untold.length > 0)
    return { state: 'open', mark: 'Open', words: `${about} also holds ${list(untold)}, of which the driver could not be seen` };
  if (unjudged.length > 0)
    return { state: 'open', mark: 'Open', words: `${about} also holds ${list(unjudged)}, of which nothing was judged` };
  if (!isJudged) return { state: 'open', mark: 'Open', words: `${about}: what shares it could not be looked at` };
  const mayStay = [...of('bridge'), ...of('tolerated')];
  const rest = mayStay.length === 0 ? '' : `; ${list(mayStay)} may stay`;
  return { state: 'go', mark: 'Apart', words: `${about} holds nothing else that the host uses${rest}` };
}

const MOST_NAMED = 4;
/** Of a name that no kernel gives. */
const MOST_COLUMNS = 40;
/** Of the name of a VM, which can be a path. */
const MOST_OF_VM = 120;

/** `0000:01:00.0 (vfio-pci), 0000:01:00.1 (no driver) and 3 more` */
function list(members: readonly PciMember[]): string {
  const named = members
    .slice(0, MOST_NAMED)
    .map((member) => `${fit(member.name, MOST_COLUMNS)} (${fit(driverName(member), MOST_COLUMNS)})`);
  return withMore(named, members.length);
}

/** The driver, `no driver`, or `driver not seen`. */
export function driverName({ driver, isDriverUnseen }: PciMember): string {
  return isDriverUnseen ? 'driver not seen' : (driver ?? 'no driver');
}

/** Is an IOMMU in force, and what is on the map? */
export function mapWords({ members, isIommuInForce }: PciMembers, instances: readonly string[]): string {
  if (isIommuInForce === null) return `Whether an IOMMU is in force could not be seen. ${countWords(members)}.`;
  if (isIommuInForce) return `An IOMMU is in force (${firstOf(instances)}). ${countWords(members)}.`;
  const why = instances.length === 0 ? 'No IOMMU is in force' : `A driver runs (${firstOf(instances)}), but made no IOMMU group`;
  return `${why}: no device of this machine can be passed through. ${countWords(members)}.`;
}

/** `dmar0, dmar1, dmar2, dmar3 and 4 more` */
function firstOf(names: readonly string[], columns = MOST_COLUMNS): string {
  const named = names.slice(0, MOST_NAMED).map((name) => fit(name, columns));
  return withMore(named, names.length);
}

function withMore(named: readonly string[], of: number): string {
  return `${named.join(', ')}${named.length === of ? '' : ` and ${of - named.length} more`}`;
}

/** `47 PCI functions in 21 IOMMU groups; the group of 2 functions could not be seen` */
function countWords(members: readonly PciMember[]): string {
  const functions = members.filter(({ device }) => device !== null);
  const groups = new Set(members.flatMap(({ group }) => group ?? [])).size;
  const unseen = functions.filter(({ isGroupUnseen }) => isGroupUnseen).length;
  const hidden = unseen === 0 ? '' : `; the group of ${unseen === functions.length ? 'each' : functionCount(unseen)} could not be seen`;
  if (groups === 0) return `${functionCount(functions.length)}${hidden === '' ? ', none in an IOMMU group' : hidden}`;
  return `${functionCount(functions.length)} in ${groups} IOMMU ${groups === 1 ? 'group' : 'groups'}${hidden}`;
}

function functionCount(count: number): string {
  return `${count} PCI ${count === 1 ? 'function' : 'functions'}`;
}
