import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { type Edit, insertAt, removeAttribute, removeElement, setAttribute } from '../../../src/domain/edit.ts';
import { attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

const NONE = "<memballoon model='none'/>";

export default defineDomainRule({
  id: 'domain/memory/balloon',
  title: 'The guest has no memory balloon',
  // Not major: QEMU keeps the balloon from doing anything beside VFIO, and many machines run well with one that idles.
  severity: 'minor',
  applies: [passesDeviceThrough],
  why:
    'The balloon gives nothing back to the host while a device is passed through, because all memory is pinned; Looking Glass ' +
    'names it as a cause of performance issues. libvirt adds one unless the definition says none.',
  sources: ['https://looking-glass.io/docs/B7/install_libvirt/#memballoon', 'https://libvirt.org/formatdomain.html#memory-balloon-device'],
  evaluate(document) {
    const { root } = document;
    const balloon = first(root, 'devices', 'memballoon');
    if (attribute(balloon, 'model') === 'none' && balloon !== undefined) return passAt(document, balloon);
    const remedy = xmlRemedy(document, 'Take the balloon away', { inside: '<devices>', write: NONE });
    if (balloon === undefined) {
      const spot = first(root, 'devices') ?? root;
      return failAt(document, spot, 'without <memballoon> libvirt adds a balloon', {
        expected: NONE,
        remedy,
        edits: [insertAt(document, ['devices'], NONE)],
      });
    }
    const model = attribute(balloon, 'model') ?? 'virtio';
    return failAt(document, balloon, `the guest has a balloon (${model.slice(0, 40)})`, {
      expected: NONE,
      remedy,
      edits: withoutBalloon(document, balloon),
    });
  },
});

/** In its place, with its quotes; where somebody wrote a comment in it, the comment stays. */
function withoutBalloon(document: DomainDocument, balloon: XmlElement): readonly (Edit | null)[] {
  const quote = document.text.slice(balloon.start, balloon.contentStart).includes('"') ? '"' : "'";
  if (balloon.comments.length === 0) return [{ start: balloon.start, end: balloon.end, text: `<memballoon model=${quote}none${quote}/>` }];
  const others = Object.keys(balloon.attributes).filter((name) => name !== 'model');
  return [
    setAttribute(document, balloon, 'model', 'none'),
    ...others.map((name) => removeAttribute(document, balloon, name)),
    ...balloon.children.map((child) => removeElement(document, child)),
  ];
}
