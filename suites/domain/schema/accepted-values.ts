import type { DomainDocument } from '../../../src/domain/document.ts';
import { anyBaseNumber } from '../../../src/domain/scale.ts';
import { all, attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { ACCEPTED, type Accepted, GUEST_ADDRESS, MEDIATED, NEEDED, PCI_COORDINATES } from '../schema-values.ts';

/** libvirt names the first one it meets; beyond these a list helps nobody. */
const MOST_FINDINGS = 20;

export default defineDomainRule({
  id: 'domain/schema/accepted-values',
  title: 'Each attribute has a value that libvirt takes',
  severity: 'blocker',
  why: "libvirt refuses the whole definition for one word that it does not know: state='yes' where it takes on and off.",
  sources: [
    'https://libvirt.org/formatdomain.html',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/conf/domain_conf.c',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/conf/device_conf.c',
  ],
  evaluate(document) {
    const found: Outcome[] = [];
    const devices = first(document.root, 'devices')?.children ?? [];
    const walk = (element: XmlElement, path: string): void => {
      if (found.length >= MOST_FINDINGS) return;
      found.push(...attributeFindings(document, element, ACCEPTED.get(path)), ...missingParts(document, element, path));
      for (const child of element.children) if (child.namespace === '') walk(child, path === '' ? child.name : `${path}/${child.name}`);
    };
    for (const child of document.root.children) if (child.namespace === '') walk(child, child.name);
    for (const device of devices) if (found.length < MOST_FINDINGS) found.push(...addressFindings(document, device));
    return found.length === 0 ? passWithout(document, 'nothing that libvirt does not know') : found.slice(0, MOST_FINDINGS);
  },
});

function attributeFindings(
  document: DomainDocument,
  element: XmlElement,
  accepted: ReadonlyMap<string, Accepted> | undefined,
): readonly Outcome[] {
  return [...(accepted ?? [])].flatMap(([name, wanted]): readonly Outcome[] => {
    const value = attribute(element, name);
    if (value === null ? wanted.required !== true : isAccepted(value, wanted)) return [];
    const message =
      value === null ? `<${element.name}> has no ${name}` : `libvirt knows no ${name}='${value.slice(0, 40)}' of <${element.name}>`;
    const spot = value === null ? element : { element, attribute: name };
    return [
      failAt(document, spot, message, { expected: wordsOf(wanted), remedy: xmlRemedy(document, `Write ${name} as ${wordsOf(wanted)}`) }),
    ];
  });
}

function isAccepted(value: string, { words, most = Number.MAX_SAFE_INTEGER, isUuid = false }: Accepted): boolean {
  if (words !== null) return words.has(value);
  // src/util/viruuid.c, virUUIDParse: dashes are where one likes.
  if (isUuid) return /^[0-9a-f]{32}$/i.test(value.slice(0, 100).replaceAll(/[-\s]/g, ''));
  const number = anyBaseNumber(value.trim());
  return number !== null && number <= most;
}

function wordsOf({ words, most, isUuid = false }: Accepted): string {
  if (isUuid) return 'the UUID of a mediated device';
  if (words !== null) return words.size === 1 ? [...words].join('') : `one of ${[...words].join(', ')}`;
  return most === undefined ? 'a number' : `a number from 0 to ${most}`;
}

function missingParts(document: DomainDocument, element: XmlElement, path: string): readonly Outcome[] {
  const needed = NEEDED.get(path) ?? NEEDED.get(`${path} type=${attribute(element, 'type') ?? ''}`) ?? [];
  return needed
    .filter((name) => first(element, name) === undefined)
    .map((name) =>
      failAt(document, element, `<${element.name}> has no <${name}>`, {
        expected: `<${name}>`,
        remedy: xmlRemedy(document, `Write its <${name}>, or remove the <${element.name}>`),
      }),
    );
}

/** Where a device is in the guest; and of which function of the host a passed one is. */
function addressFindings(document: DomainDocument, device: XmlElement): readonly Outcome[] {
  const guest = all(device, 'address').flatMap((address) => [
    ...attributeFindings(document, address, GUEST_ADDRESS),
    ...(attribute(address, 'type') === 'pci' ? attributeFindings(document, address, PCI_COORDINATES) : []),
  ]);
  const accepted = OF_HOST[`${device.name} ${attribute(device, 'type') ?? ''}`];
  const host =
    accepted === undefined ? [] : all(device, 'source', 'address').flatMap((address) => attributeFindings(document, address, accepted));
  return [...guest, ...host];
}

const OF_HOST: Readonly<Record<string, ReadonlyMap<string, Accepted>>> = {
  'hostdev pci': PCI_COORDINATES,
  'hostdev mdev': MEDIATED,
  'interface hostdev': PCI_COORDINATES,
};
