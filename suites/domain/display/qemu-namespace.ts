import type { DomainDocument } from '../../../src/domain/document.ts';
import { QEMU_NAMESPACE } from '../../../src/domain/qemu-namespace.ts';
import { attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

/** What libvirt reads directly below `<domain>` in its namespace for QEMU. */
const KNOWN = new Set(['commandline', 'override', 'capabilities', 'deprecation']);

export default defineDomainRule({
  id: 'domain/display/qemu-namespace',
  title: 'Arguments for QEMU are written where libvirt reads them',
  severity: 'blocker',
  why: 'libvirt drops elements of another namespace or in another place without a word: the domain starts without what they say.',
  sources: ['https://libvirt.org/drvqemu.html#pass-through-of-arbitrary-qemu-commands'],
  evaluate(document) {
    const lost = [...lostAtTop(document), ...lostBelow(document)];
    const read = document.root.children.filter(({ namespace, name }) => namespace === QEMU_NAMESPACE && KNOWN.has(name));
    const inside = read.filter(({ name }) => name === 'commandline').flatMap((line) => judgeLine(document, line));
    const failed = [...lost, ...inside];
    if (failed.length > 0) return failed;
    const [first] = read;
    return first === undefined ? [] : passAt(document, first);
  },
});

/** Below `<domain>`: elements of a wrong or of no namespace, and names that libvirt does not know. */
function lostAtTop(document: DomainDocument): Outcome[] {
  return document.root.children.flatMap((element) => {
    const { name, namespace } = element;
    if (namespace === QEMU_NAMESPACE)
      return KNOWN.has(name) ? [] : [dropped(document, element, `libvirt does not know <${name.slice(0, 40)}> there`)];
    if (!KNOWN.has(name)) return [];
    return [dropped(document, element, namespace === '' ? 'it has no namespace' : `its namespace is ${namespace.slice(0, 120)}`)];
  });
}

/** In `<devices>` and the like, where people paste them. */
function lostBelow(document: DomainDocument): Outcome[] {
  return document.root.children
    .filter(({ namespace, name }) => namespace === '' && name !== 'metadata')
    .flatMap((parent) =>
      parent.children
        .filter(({ namespace, name }) => namespace === QEMU_NAMESPACE || (namespace === '' && name === 'commandline'))
        .map((element) => dropped(document, element, `it is inside <${parent.name.slice(0, 40)}>`)),
    );
}

function dropped(document: DomainDocument, element: XmlElement, reason: string): Outcome {
  return failAt(document, element, `libvirt drops <${element.name.slice(0, 40)}>: ${reason}`, {
    expected: `<qemu:commandline> directly in <domain>, with xmlns:qemu='${QEMU_NAMESPACE}'`,
    remedy: xmlRemedy(document, 'Write it directly below <domain>, and declare its namespace there', {
      inside: 'the tag <domain>',
      write: `xmlns:qemu='${QEMU_NAMESPACE}'`,
    }),
  });
}

function judgeLine(document: DomainDocument, line: XmlElement): Outcome[] {
  return line.children.flatMap((child) => {
    if (child.namespace !== QEMU_NAMESPACE || !['arg', 'env'].includes(child.name)) {
      return [
        failAt(document, child, `libvirt drops <${child.name.slice(0, 40)}>: only arg and env of the same namespace count there`, {
          expected: "<qemu:arg value='…'/>",
          remedy: xmlRemedy(document, 'Write <qemu:arg> or <qemu:env>, with the prefix'),
        }),
      ];
    }
    const [wanted, what] = child.name === 'arg' ? (['value', 'argument'] as const) : (['name', 'variable'] as const);
    if (attribute(child, wanted) !== null) return [];
    return [
      failAt(document, child, `libvirt refuses an ${what === 'argument' ? 'argument' : 'environment variable'} without ${wanted}`, {
        remedy: xmlRemedy(document, `Write the ${what} into ${wanted}='…', or take the element away`),
      }),
    ];
  });
}
