import { removeElement } from '../../../src/domain/edit.ts';
import { first, textAt } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

/** What `virUUIDParse` takes: 32 hexadecimal digits, with dashes and blanks between any two pairs. */
const READABLE = /^(?:[- ]*[0-9a-f]{2}){16}$/i;

export default defineDomainRule({
  id: 'domain/machine/uuid',
  title: 'libvirt can read the UUID of the domain',
  severity: 'blocker',
  anyGuest: true,
  why: 'libvirt refuses a definition with another text in <uuid>, such as a placeholder of a shared file. Without the element it makes a UUID.',
  sources: [
    'https://libvirt.org/formatdomain.html#general-metadata',
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/util/viruuid.c',
  ],
  evaluate(document) {
    const { root } = document;
    const element = first(root, 'uuid');
    const uuid = textAt(root, 'uuid');
    if (element === undefined || uuid === null) return passWithout(document, 'libvirt makes a UUID');
    if (READABLE.test(uuid)) return passAt(document, element);
    return failAt(document, element, `'${uuid.slice(0, 60)}' is no UUID`, {
      expected: '32 hexadecimal digits',
      remedy: xmlRemedy(document, 'Remove the <uuid> element: libvirt makes one and keeps it'),
      edits: [removeElement(document, element)],
    });
  },
});
