import type { DomainDocument } from '../../../src/domain/document.ts';
import { type Edit, insertAt, insertChild } from '../../../src/domain/edit.ts';
import { type Enlightenments, enlightenmentsOf, isEnlightened } from '../../../src/domain/enlightenments.ts';
import { setTimer } from '../../../src/domain/timers.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { enlightenedWindows, visibleHypervisor } from '../hyperv-applies.ts';
import { into } from '../hyperv-place.ts';
import { ESSENTIAL, enlightenmentXml, oneLine, recommendedFor } from '../hyperv-recommended.ts';

export default defineDomainRule({
  id: 'domain/hyperv/recommended-set',
  title: 'The Hyper-V enlightenments that QEMU recommends are on',
  severity: 'major',
  applies: [enlightenedWindows, visibleHypervisor],
  why: 'Neither KVM nor QEMU turns them on by itself. Without them Windows polls emulated timers and sends interrupts and TLB flushes the slow way: it stutters, and keeps a CPU busy when idle.',
  sources: [
    'https://www.qemu.org/docs/master/system/i386/hyperv.html#recommendations',
    'https://libvirt.org/formatdomain.html#hypervisor-features',
  ],
  evaluate(document) {
    const enlightenments = enlightenmentsOf(document.root);
    const { block } = enlightenments;
    const recommended = recommendedFor(document);
    const missing = recommended.filter((name) => !isEnlightened(enlightenments, name));
    const spot = block ?? first(document.root, 'features') ?? document.root;
    if (missing.length === 0) return passAt(document, spot);
    const names = missing.join(', ');
    const message =
      block === undefined
        ? 'no Hyper-V enlightenment is on: there is no <hyperv>'
        : `${missing.length} of ${recommended.length} recommended enlightenments are off: ${names}`;
    return failAt(document, spot, message, {
      expected: `on: ${names}`,
      remedy: xmlRemedy(document, summaryOf(enlightenments, missing), remedyXml(document, enlightenments, missing)),
      ...(missing.some((name) => ESSENTIAL.includes(name)) ? {} : { severity: 'minor' }),
      edits: editsOf(document, enlightenments, missing),
    });
  },
});

function summaryOf({ hasClock }: Enlightenments, missing: readonly string[]): string {
  const clock = missing.includes('stimer') && !hasClock ? "; stimer wants <timer name='hypervclock' present='yes'/> in <clock>, too" : '';
  return `Turn on ${missing.join(', ')}${clock}`;
}

function remedyXml(
  document: DomainDocument,
  { block }: Enlightenments,
  missing: readonly string[],
): { readonly inside: string; readonly write: string } {
  const lines = missing.map((name) => oneLine(enlightenmentXml(name))).join('');
  return block === undefined ? into(document, 'features', `<hyperv>${lines}</hyperv>`) : { inside: '<hyperv>', write: lines };
}

/** What somebody turned off by name stays off, and what needs it with it. */
function editsOf(document: DomainDocument, { block, written, hasClock }: Enlightenments, missing: readonly string[]): readonly Edit[] {
  if (missing.some((name) => written.has(name))) return [];
  const xml = missing.map(enlightenmentXml).join('\n');
  const edit =
    block === undefined
      ? insertAt(document, ['features', 'hyperv'], xml)
      : insertChild(document, block, xml, ['spinlocks', ...recommendedFor(document)]);
  return missing.includes('stimer') && !hasClock ? [edit, setTimer(document, 'hypervclock', 'present', 'yes')] : [edit];
}
