import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { type Edit, removeAttribute, setAttribute, setText } from '../../../src/domain/edit.ts';
import { guestMemoryOf } from '../../../src/domain/guest-memory.ts';
import { memoryKiB, sizeOf } from '../../../src/domain/memory-size.ts';
import { attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import { sizeWords, unreadableMemory } from '../memory-words.ts';

export default defineDomainRule({
  id: 'domain/memory/current-memory',
  title: 'The guest starts with all of its memory',
  severity: 'major',
  applies: [passesDeviceThrough],
  why:
    'A passed device can write to any memory of the guest, so the host keeps all of it. What the balloon takes from the guest, ' +
    'the host does not get.',
  sources: ['https://libvirt.org/formatdomain.html#memory-allocation', 'https://docs.kernel.org/driver-api/vfio.html'],
  evaluate(document) {
    const { root } = document;
    const memory = guestMemoryOf(document);
    if (memory === null) return unreadableMemory();
    const element = first(root, 'currentMemory');
    const current = sizeOf(element);
    if (element === undefined || current === undefined) return passWithout(document, 'no <currentMemory>');
    if (current.kib === null) return unreadableMemory();
    if (memory.modules.some(({ model }) => model === 'virtio-mem'))
      return notApplicable('virtio-mem changes how much memory the guest has');
    // libvirt takes 0 and more than there is for all of it (virDomainDefPostParseMemory).
    if (current.kib === 0 || current.kib >= memory.totalKiB - ROUNDING_KIB) return passAt(document, element);
    const hasBalloon = attribute(first(root, 'devices', 'memballoon'), 'model') !== 'none';
    const message = `the guest starts with ${sizeWords(current.kib)} of its ${sizeWords(memory.totalKiB)}`;
    return failAt(document, element, hasBalloon ? message : `<currentMemory> says ${sizeWords(current.kib)}, without a balloon for it`, {
      expected: sizeWords(memory.totalKiB),
      remedy: xmlRemedy(document, `Set <currentMemory> to ${sizeWords(memory.totalKiB)}, or <memory> to what the guest shall have`),
      ...(hasBalloon ? {} : { severity: 'info' as const }),
      edits: sameAsMemory(document, element, memory.totalKiB),
    });
  },
});

/** libvirt rounds the memory up to whole MiB, and `<currentMemory>` not. */
const ROUNDING_KIB = 1023;

/** As `<memory>` is written, where that is how much the guest has. */
function sameAsMemory(document: DomainDocument, current: XmlElement, totalKiB: number): readonly (Edit | null)[] {
  const memory = first(document.root, 'memory');
  const unit = attribute(memory, 'unit');
  const kib = memory === undefined ? null : memoryKiB(memory.text, unit);
  if (memory === undefined || kib === null || Math.abs(totalKiB - kib) > ROUNDING_KIB || current.comments.length > 0) return [];
  const unitEdit = unit === null ? removeAttribute(document, current, 'unit') : setAttribute(document, current, 'unit', unit);
  return [attribute(current, 'unit') === unit ? null : unitEdit, setText(document, current, memory.text.trim())];
}
