import type { DomainDocument } from '../../../src/domain/document.ts';
import { type Edit, insertAt, setAttribute } from '../../../src/domain/edit.ts';
import { memoryBackingOf } from '../../../src/domain/memory-backing.ts';
import { devicesThatShare, memorySharing } from '../../../src/domain/shared-memory.ts';
import { all, attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

/** Further devices that are named as evidence. */
const MOST = 5;
const SHARED_PAGES = "<access mode='shared'/>";
const SHARED = `<source type='memfd'/>${SHARED_PAGES}`;

export default defineDomainRule({
  id: 'domain/memory/shared-memory',
  title: 'Memory is shared where a device needs that',
  severity: 'blocker',
  why: 'virtiofs and vhost-user devices are served by another program, which reads the memory of the guest. libvirt refuses them without shared memory.',
  sources: ['https://libvirt.org/kbase/virtiofs.html', 'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/qemu/qemu_validate.c'],
  evaluate(document) {
    const { root } = document;
    const [device, ...others] = devicesThatShare(root);
    if (device === undefined) return [];
    if (memorySharing(root) === 'all') return passAt(document, first(root, 'memoryBacking') ?? device);
    const edits = sharing(document);
    return failAt(document, device, `${words(device)} needs shared memory, and the memory of the guest is private`, {
      expected: "<access mode='shared'/>",
      evidence: others.slice(0, MOST).map((other) => seenAt(document, other)),
      remedy: xmlRemedy(document, "Share the memory of the guest; with <hugepages/>, <access mode='shared'/> is enough", {
        inside: '<memoryBacking>',
        write: memoryBackingOf(document).hugepages === null ? SHARED : SHARED_PAGES,
      }),
      edits,
    });
  },
});

function words(device: XmlElement): string {
  const driver = attribute(first(device, 'driver'), 'type') ?? attribute(first(device, 'driver'), 'name');
  return `<${device.name}> (${(device.name === 'filesystem' || device.name === 'video' ? driver : attribute(device, 'type')) ?? ''})`;
}

/** Memory in a memfd, unless it is in hugepages. A cell that is private, and a file that somebody chose, are a person's business. */
function sharing(document: DomainDocument): readonly (Edit | null)[] {
  const { root } = document;
  const { source, hugepages } = memoryBackingOf(document);
  if (source === 'file' || all(root, 'cpu', 'numa', 'cell').some((cell) => attribute(cell, 'memAccess') === 'private')) return [];
  const backing = first(root, 'memoryBacking');
  const [sourceElement, access] = [first(backing, 'source'), first(backing, 'access')];
  const needsMemfd = source !== 'memfd' && hugepages === null;
  const missing = [
    needsMemfd && sourceElement === undefined ? "<source type='memfd'/>" : '',
    access === undefined ? "<access mode='shared'/>" : '',
  ].filter((xml) => xml !== '');
  return [
    needsMemfd && sourceElement !== undefined ? setAttribute(document, sourceElement, 'type', 'memfd') : null,
    access === undefined ? null : setAttribute(document, access, 'mode', 'shared'),
    missing.length === 0 ? null : insertAt(document, ['memoryBacking'], missing.join('\n')),
  ];
}
