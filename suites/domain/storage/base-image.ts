import { type Disk, disksOf, plainPath } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { LintedDisks } from '../../../src/facts/linted-disks.ts';
import { type Neighbour, neighboursOf, runs } from '../neighbours.ts';
import { driveName, judgeSources, type Placed } from '../storage-source.ts';

export default defineDomainRule({
  id: 'domain/storage/base-image',
  title: 'Nobody writes into an image that another one is built on',
  severity: 'major',
  host: ['lintedDisks'],
  wantsHost: ['definedDocuments'],
  why: 'An image that is built on another holds only what differs: once the one below changes, the one above is broken for good.',
  sources: ['https://libvirt.org/kbase/backing_chains.html', 'https://www.qemu.org/docs/master/system/images.html'],
  evaluate(document, { lintedDisks, definedDocuments }, given) {
    const isBuilt = disksOf(document).some(({ path }) => path !== null && (lintedDisks.sources.get(path)?.backing.length ?? 0) > 0);
    const owners = isBuilt ? [{ document, state: null }, ...neighboursOf(document, definedDocuments, given)] : [];
    const writers = writersByPath(owners, lintedDisks);
    return judgeSources(document, lintedDisks, (placed) => judge(document, placed, { writers, lintedDisks }));
  },
});

interface Writer {
  readonly owner: Neighbour;
  readonly disk: Disk;
}

interface Situation {
  readonly writers: ReadonlyMap<string, Writer>;
  readonly lintedDisks: LintedDisks;
}

function realPath(path: string, { links }: LintedDisks): string {
  return links.get(plainPath(path)) ?? plainPath(path);
}

/** Of several writers of one image the judged domain itself, then one that runs. */
function writersByPath(owners: readonly Neighbour[], lintedDisks: LintedDisks): ReadonlyMap<string, Writer> {
  const writers = new Map<string, Writer>();
  for (const [index, owner] of owners.entries()) {
    for (const disk of disksOf(owner.document)) {
      if (disk.path === null || disk.isReadOnly || disk.isTransient) continue;
      const path = realPath(disk.path, lintedDisks);
      const known = writers.get(path);
      if (known === undefined || (index > 0 && known.owner.document !== owners[0]?.document && runs(owner)))
        writers.set(path, { owner, disk });
    }
  }
  return writers;
}

function judge(document: DomainDocument, { disk, spot, source }: Placed, { writers, lintedDisks }: Situation): readonly Outcome[] {
  if (source.backing.length === 0) return [];
  const [found] = source.backing.flatMap(({ path }) => {
    const writer = writers.get(realPath(path, lintedDisks));
    return writer === undefined ? [] : [{ path, ...writer }];
  });
  if (found === undefined) return [passAt(document, spot)];
  const { owner, path } = found;
  const isOwn = owner.document === document;
  const who = isOwn
    ? `${driveName(found.disk)} of the same domain`
    : `${owner.document.domain.name}${runs(owner) ? ', which is running,' : ''}`;
  return [
    failAt(document, spot, `${who} writes into ${path.slice(-120)}, which ${driveName(disk)} is built on`, {
      expected: 'an image below that nobody writes',
      remedy: xmlRemedy(
        document,
        isOwn
          ? 'Remove the drive with the image below'
          : `Let ${owner.document.domain.name} read it only (<readonly/>), or give it an image of its own built on this one`,
      ),
      evidence: [seenAt(owner.document, first(found.disk.element, 'source') ?? found.disk.element)],
      ...(isOwn || runs(owner) ? { severity: 'blocker' as const } : {}),
    }),
  ];
}
