import type { DomainDocument } from '../../../src/domain/document.ts';
import { memoryBackingOf, ORDINARY_PAGE_KIB } from '../../../src/domain/memory-backing.ts';
import { memoryKiB } from '../../../src/domain/memory-size.ts';
import { all, attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotCollect, type Outcome } from '../../../src/engine/outcome.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import { HUGEPAGES, type Hugepages } from '../../../src/facts/hugepages.ts';
import { mountedPageSizeKiB, type Mount } from '../../../src/facts/mounts.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import { hugepageMountSteps } from '../../../src/remedy/hugepages.ts';
import { poolName, poolPath, sizeWords } from '../memory-words.ts';

export default defineDomainRule({
  id: 'domain/memory/hugepage-size',
  title: 'The host has hugepages of the size that the guest asks for',
  severity: 'blocker',
  host: ['hugepages'],
  wantsHost: ['mounts', 'platform'],
  why: 'libvirt refuses to start a domain with hugepages of a size that the kernel does not have, or of which no hugetlbfs is mounted.',
  sources: ['https://docs.kernel.org/admin-guide/mm/hugetlbpage.html', 'https://libvirt.org/formatdomain.html#memory-backing'],
  evaluate(document, { hugepages, mounts, platform }) {
    const { source } = memoryBackingOf(document);
    return choices(document.root).map(({ element, sizeKiB }) => {
      const wanted = sizeKiB ?? hugepages.defaultSizeKiB;
      const pool = hugepages.pools.find((one) => one.sizeKiB === wanted);
      if (pool === undefined) return noPool(document, element, wanted, hugepages);
      // A memfd needs no mount.
      if (source === 'memfd') return passAt(document, element);
      return judgeMount(document, element, {
        wantedKiB: sizeKiB,
        poolKiB: pool.sizeKiB,
        defaultKiB: hugepages.defaultSizeKiB,
        mounts,
        platform,
      });
    });
  },
});

interface Choice {
  readonly element: XmlElement;
  /** Null: the default. */
  readonly sizeKiB: number | null;
}

/** Each size once; sizes that cannot be read are told by another rule. */
function choices(domain: XmlElement): readonly Choice[] {
  const modules = all(domain, 'devices', 'memory').flatMap((element) => {
    const pagesize = first(element, 'source', 'pagesize');
    if (pagesize === undefined) return [];
    return [{ element: pagesize, sizeKiB: memoryKiB(pagesize.text, attribute(pagesize, 'unit')) ?? Number.NaN }];
  });
  const asked = [...memoryBackingOf({ root: domain }).pages, ...modules];
  const found = new Map<number | null, Choice>();
  for (const { element, sizeKiB } of asked) {
    if (sizeKiB !== null && (!(sizeKiB > 0) || sizeKiB === ORDINARY_PAGE_KIB)) continue;
    if (!found.has(sizeKiB)) found.set(sizeKiB, { element, sizeKiB });
  }
  return [...found.values()];
}

function noPool(document: DomainDocument, element: XmlElement, wantedKiB: number | null, { pools }: Hugepages): Outcome {
  const which = wantedKiB === null ? '' : ` of ${sizeWords(wantedKiB)}`;
  const known = pools.map(poolName).join(', ');
  return failAt(document, element, `the kernel of this host has no hugepages${which}`, {
    evidence: [
      {
        source: HUGEPAGES,
        observed: known === '' ? 'no size' : known,
        ...(wantedKiB === null ? {} : { expected: poolName({ sizeKiB: wantedKiB }) }),
      },
    ],
    remedy: xmlRemedy(document, 'Choose a size that this host has; pages of 1 GiB need the CPU flag pdpe1gb'),
  });
}

interface Look {
  readonly wantedKiB: number | null;
  readonly poolKiB: number;
  readonly defaultKiB: number | null;
  readonly mounts: Attempt<readonly Mount[]>;
  readonly platform: Attempt<Platform>;
}

/** For the default size libvirt takes any hugetlbfs where there is none of it (virFileGetDefaultHugepage, else the first). */
function judgeMount(document: DomainDocument, element: XmlElement, { wantedKiB, poolKiB, defaultKiB, mounts, platform }: Look): Outcome {
  if (!mounts.ok) return couldNotCollect(mounts.error, 'look at it by hand');
  const mounted = mounts.value.filter(({ type }) => type === 'hugetlbfs');
  const sizes = mounted.map((mount) => mountedPageSizeKiB(mount) ?? defaultKiB);
  if (wantedKiB === null ? mounted.length > 0 : sizes.includes(poolKiB)) return passAt(document, element);
  const observed = mounted.map(({ target }, index) => `hugetlbfs ${target} (${sizeWords(sizes[index] ?? 0)})`).join(', ');
  return failAt(document, element, `no hugetlbfs with pages of ${sizeWords(poolKiB)} is mounted`, {
    evidence: [
      {
        source: '/proc/self/mounts',
        observed: observed === '' ? 'no hugetlbfs' : observed,
        expected: `one with pages of ${sizeWords(poolKiB)}`,
      },
      { source: poolPath({ sizeKiB: poolKiB }), observed: 'the kernel has this size' },
    ],
    remedy: {
      summary: `Mount a hugetlbfs with pages of ${sizeWords(poolKiB)}, and restart libvirt, which looks for it only when it starts`,
      ...(platform.ok ? { steps: hugepageMountSteps(platform.value, poolKiB) } : {}),
    },
  });
}
