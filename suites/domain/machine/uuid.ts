import { isUuid } from '../../../src/domain/domain-uuid.ts';
import { removeElement } from '../../../src/domain/edit.ts';
import { first, textAt } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/machine/uuid',
  title: 'libvirt can read the UUID of the domain',
  severity: 'blocker',
  wantsHost: ['definedDocuments'],
  anyGuest: true,
  why: 'libvirt refuses a definition with another text in <uuid>, such as a placeholder of a shared file. Without the element it makes a UUID.',
  sources: [
    'https://libvirt.org/formatdomain.html#general-metadata',
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/util/viruuid.c',
  ],
  evaluate(document, { definedDocuments }) {
    const { root } = document;
    const element = first(root, 'uuid');
    const uuid = textAt(root, 'uuid');
    if (element === undefined || uuid === null) return passWithout(document, 'libvirt makes a UUID');
    if (isUuid(uuid)) return passAt(document, element);
    // Without the UUID of that one libvirt would refuse the definition again.
    if (definedDocuments.ok && definedDocuments.value.some((other) => other.document.domain.name === document.domain.name))
      return notApplicable('libvirt has a domain with this name, whose UUID belongs here (see domain/machine/unique)');
    return failAt(document, element, `'${uuid.slice(0, 60)}' is no UUID`, {
      expected: '32 hexadecimal digits',
      remedy: xmlRemedy(document, 'Remove the <uuid> element: libvirt makes one and keeps it'),
      edits: [removeElement(document, element)],
    });
  },
});
