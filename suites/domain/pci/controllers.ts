import { machineType } from '../../../src/domain/machine-type.ts';
import { anyBaseNumber } from '../../../src/domain/scale.ts';
import { all, attribute, type XmlElement } from '../../../src/domain/xml.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

const ROOTS: Readonly<Record<string, string>> = { q35: 'pcie-root', i440fx: 'pci-root' };
/** libvirt names the first one it meets; beyond these a list helps nobody. */
const MOST_FINDINGS = 20;

export default defineDomainRule({
  id: 'domain/pci/controllers',
  title: 'The controllers are those of the machine, and each has a number of its own',
  severity: 'blocker',
  why: 'libvirt refuses the root bus of another machine, which is what stays behind when only the machine type is changed, and two controllers of one type with one number.',
  sources: [
    'https://libvirt.org/formatdomain.html#controllers',
    'https://libvirt.org/pci-hotplug.html',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/qemu/qemu_domain_address.c',
  ],
  evaluate(document) {
    const controllers = all(document.root, 'devices', 'controller');
    const findings = [...rootFindings(document, controllers), ...doubleFindings(document, controllers)];
    const [one] = controllers;
    if (findings.length > 0) return findings.slice(0, MOST_FINDINGS);
    return one === undefined ? [] : passAt(document, one, controllers.length === 1 ? '1 controller' : `${controllers.length} controllers`);
  },
});

function rootFindings(document: DomainDocument, controllers: readonly XmlElement[]): readonly Outcome[] {
  const { name, chipset } = machineType(document.root);
  const wanted = ROOTS[chipset];
  if (wanted === undefined) return [];
  return controllers.flatMap((controller): readonly Outcome[] => {
    const model = attribute(controller, 'model') ?? '';
    if (attribute(controller, 'type') !== 'pci') return [];
    const isRoot = Object.values(ROOTS).includes(model);
    if (!isRoot || (model === wanted && (anyBaseNumber(attribute(controller, 'index')) ?? 0) === 0)) return [];
    const machine = `the machine ${(name ?? 'pc').slice(0, 40)}`;
    const message =
      model === wanted ? `the ${wanted} of ${machine} has an index other than 0` : `${machine} has the root bus ${wanted}, not ${model}`;
    return [
      failAt(document, { element: controller, attribute: model === wanted ? 'index' : 'model' }, message, {
        expected: `model='${wanted}' with index='0'`,
        remedy: xmlRemedy(
          document,
          'After another machine type, remove all <controller> elements and the <address type="pci"> of all devices (not those in <source>): libvirt writes new ones',
        ),
      }),
    ];
  });
}

/** USB 2 is several controllers with one number: a master and its companions. */
function doubleFindings(document: DomainDocument, controllers: readonly XmlElement[]): readonly Outcome[] {
  const first = new Map<string, XmlElement>();
  const pairs = controllers.flatMap((controller) => {
    const type = attribute(controller, 'type') ?? '';
    const index = anyBaseNumber(attribute(controller, 'index'));
    if (type === '' || type === 'usb' || index === null) return [];
    const other = first.get(`${type} ${index}`);
    if (other === undefined) first.set(`${type} ${index}`, controller);
    return other === undefined ? [] : { controller, type, index, other };
  });
  return pairs.slice(0, MOST_FINDINGS).map(({ controller, type, index, other }) =>
    failAt(document, { element: controller, attribute: 'index' }, `there are two ${type.slice(0, 40)} controllers with index ${index}`, {
      evidence: [seenAt(document, other)],
      remedy: xmlRemedy(document, 'Remove one of the two, or give it a free index'),
    }),
  );
}
