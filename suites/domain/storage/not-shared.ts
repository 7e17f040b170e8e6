import { type Disk, disksOf, storageKey } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { shareDevice } from '../../../src/domain/rivals.ts';
import { first } from '../../../src/domain/xml.ts';
import type { CheckFacts } from '../../../src/engine/check.ts';
import { failAt, passWithout, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { groupedBy } from '../../../src/grouped.ts';
import { isRunning, type Neighbour, neighbourEvidence, neighboursOf, runs, unseenNeighbours } from '../neighbours.ts';

type Facts = CheckFacts<never, 'definedDocuments' | 'lintedDisks'>;

export default defineDomainRule({
  id: 'domain/storage/not-shared',
  title: 'No two drives write into one image',
  severity: 'blocker',
  wantsHost: ['definedDocuments', 'lintedDisks'],
  why: 'QEMU locks a file that it writes, so the second VM does not start; a block device has no such lock, and two guests that write into it destroy their file systems.',
  sources: [
    'https://www.qemu.org/docs/master/system/images.html#disk-image-file-locking',
    'https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms',
  ],
  evaluate(document, facts, given) {
    const own = disksOf(document);
    const keyOf = keysThrough(facts);
    const inside = withinOne(document, own, keyOf);
    if (own.every((disk) => keyOf(disk) === null)) return [];
    // Domains that are given one device never run together.
    const others = neighboursOf(document, facts.definedDocuments, given).filter((other) => !shareDevice(document, other.document));
    const between = acrossDomains(document, own, {
      keyOf,
      users: usersByKey(others, keyOf),
      isRunning: isRunning(document, facts.definedDocuments),
    });
    if (inside.length + between.length > 0) return [...inside, ...between];
    const unseen = unseenNeighbours(facts.definedDocuments, given);
    if (unseen !== null) return unseen;
    return passWithout(document, `${own.length} drives, none of them written by another`);
  },
});

type KeyOf = (disk: Disk) => string | null;

function keysThrough({ lintedDisks }: Facts): KeyOf {
  const links = lintedDisks.ok ? lintedDisks.value.links : new Map<string, string>();
  const known = new Map<Disk, string | null>();
  return (disk) => {
    const found = known.get(disk);
    if (found !== undefined) return found;
    const key = storageKey(disk, (path) => links.get(path) ?? path);
    known.set(disk, key);
    return key;
  };
}

/** What the guest writes into a transient disk goes elsewhere. */
function writes({ isReadOnly, isTransient }: Disk): boolean {
  return !isReadOnly && !isTransient;
}

/** Two readers, and two that both say that they share, may open one image. */
function conflict(one: Disk, other: Disk): boolean {
  return (writes(one) || writes(other)) && !(one.isShareable && other.isShareable);
}

function withinOne(document: DomainDocument, own: readonly Disk[], keyOf: KeyOf): readonly Outcome[] {
  const seen = new Map<string, Disk>();
  return own.flatMap((disk) => {
    const key = keyOf(disk);
    if (key === null) return [];
    const other = seen.get(key);
    if (other === undefined || (!writes(other) && writes(disk))) seen.set(key, disk);
    if (other === undefined || !conflict(disk, other)) return [];
    return [
      failAt(document, spotOf(disk), `the drives ${other.name} and ${disk.name} are one image`, {
        expected: 'an image of its own',
        remedy: xmlRemedy(document, `Remove one of the two, or give ${disk.name} another image`),
        evidence: [seenAt(document, spotOf(other))],
      }),
    ];
  });
}

interface User {
  readonly other: Neighbour;
  readonly disk: Disk;
}

interface Situation {
  readonly keyOf: KeyOf;
  readonly users: ReadonlyMap<string, readonly User[]>;
  readonly isRunning: boolean;
}

function usersByKey(others: readonly Neighbour[], keyOf: KeyOf): ReadonlyMap<string, readonly User[]> {
  const users = others.flatMap((other) => disksOf(other.document).map((disk): User => ({ other, disk })));
  return groupedBy(users, ({ disk }) => keyOf(disk));
}

function acrossDomains(document: DomainDocument, own: readonly Disk[], situation: Situation): readonly Outcome[] {
  return own.flatMap((disk) => {
    const found = (situation.users.get(situation.keyOf(disk) ?? '') ?? []).filter((user) => conflict(disk, user.disk));
    const user = found.find(({ other }) => runs(other)) ?? found[0];
    return user === undefined ? [] : [usedBy(document, disk, user, situation.isRunning)];
  });
}

/** One VM in two versions, with the GPU and without, is common: QEMU's lock keeps them apart, as long as the image is a file. */
function usedBy(document: DomainDocument, disk: Disk, { other, disk: theirs }: User, selfRuns: boolean): Outcome {
  const { name } = other.document.domain;
  const isLocked = disk.type === 'file';
  const blocks = runs(other) && !selfRuns;
  const rest = isLocked ? 'only one of the two can run' : 'and nothing keeps both from running';
  const unblocked = isLocked ? ('minor' as const) : ('major' as const);
  return failAt(document, spotOf(disk), `drive ${disk.name} is also ${theirs.name} of ${name}: ${blocks ? `${name} is running` : rest}`, {
    expected: 'an image of its own',
    remedy: xmlRemedy(
      document,
      blocks
        ? `Stop ${name} first, or give ${disk.name} an image of its own`
        : `Run one of the two at a time, or give ${disk.name} an image of its own`,
    ),
    evidence: neighbourEvidence(other, spotOf(theirs)),
    severity: blocks ? 'blocker' : unblocked,
  });
}

function spotOf(disk: Disk) {
  return first(disk.element, 'source') ?? disk.element;
}
