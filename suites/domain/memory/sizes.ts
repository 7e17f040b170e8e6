import { setAttribute, setText } from '../../../src/domain/edit.ts';
import { guestMemoryOf } from '../../../src/domain/guest-memory.ts';
import { memoryKiB, memorySizes, type WrittenSize } from '../../../src/domain/memory-size.ts';
import { all, attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import type { Edit } from '../../../src/domain/edit.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

/** A definition with more bad sizes than this has one fault. */
const MOST = 20;
const UNITS = 'bytes, KB or KiB, MB or MiB, GB or GiB, TB or TiB';

export default defineDomainRule({
  id: 'domain/memory/sizes',
  title: 'libvirt can read every size of memory',
  severity: 'blocker',
  anyGuest: true,
  why: 'libvirt refuses a definition with a size that it cannot read. Without a unit a number is KiB; KB is 1000 bytes, KiB 1024.',
  sources: [
    'https://libvirt.org/formatdomain.html#memory-allocation',
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/conf/domain_conf.c',
  ],
  evaluate(document) {
    const { root } = document;
    const sizes = memorySizes(root);
    const bad = sizes.filter(
      ({ kib, hasBlankBehind, isPositive }) => kib === null || hasBlankBehind || (isPositive && kib === 0 && !hasCells(root)),
    );
    if (bad.length > 0) return bad.slice(0, MOST).map((size) => refused(document, size));
    const memory = first(root, 'memory');
    if (guestMemoryOf(document) !== null || all(root, 'devices', 'memory').length > 0) return passAt(document, memory ?? root);
    return failAt(document, memory ?? root, 'the definition does not say how much memory the guest has', {
      expected: '<memory> or the cells of <numa> with a size',
      remedy: xmlRemedy(document, 'Write how much memory the guest has', { inside: '<domain>', write: "<memory unit='GiB'>8</memory>" }),
    });
  },
});

/** With cells libvirt takes their sum, and no word of `<memory>` but that it is a size. */
function hasCells(domain: XmlElement): boolean {
  return all(domain, 'cpu', 'numa', 'cell').length > 0;
}

function refused(document: DomainDocument, size: WrittenSize): Outcome {
  const { spot, name, kib, text } = size;
  if (kib === 0) {
    return failAt(document, spot, `${name} is 0`, { expected: 'a size', remedy: xmlRemedy(document, `Write a size for the ${name}`) });
  }
  const edit = withoutBlanks(document, size);
  const what =
    edit === null ? `${name} is ${JSON.stringify(text)}, which is no size of memory` : `a blank stands behind the number of ${name}`;
  return failAt(document, spot, what, {
    expected: `a whole number below 2^63 bytes, and as unit ${UNITS}`,
    remedy: xmlRemedy(document, edit === null ? `Write a whole number and a unit that libvirt knows for the ${name}` : 'Remove the blank'),
    edits: [edit],
  });
}

/** Null when blanks are not all that is wrong. */
function withoutBlanks(document: DomainDocument, { spot }: WrittenSize): Edit | null {
  const element = 'element' in spot ? spot.element : spot;
  const number = ('element' in spot ? attribute(element, spot.attribute) : element.text)?.trim() ?? '';
  if (memoryKiB(number, attribute(element, 'unit')) === null || element.comments.length + element.children.length > 0) return null;
  return 'element' in spot ? setAttribute(document, element, spot.attribute, number) : setText(document, element, number);
}
