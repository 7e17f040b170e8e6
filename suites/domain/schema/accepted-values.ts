import type { DomainDocument } from '../../../src/domain/document.ts';
import { parseCpuset } from '../../../src/domain/cpuset.ts';
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
      const ofType = `${path} type=${attribute(element, 'type') ?? ''}`;
      for (const key of [path, ofType])
        found.push(...attributeFindings(document, element, ACCEPTED.get(key)), ...missingParts(document, element, NEEDED.get(key) ?? []));
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

function isAccepted(value: string, { words, most = Number.MAX_SAFE_INTEGER, isUuid, isList, isCount }: Accepted): boolean {
  if (words !== null) return words.has(value);
  if (isList === true) return parseCpuset(value) !== null;
  if (isCount === true) return /^\s*\+?0*[1-9]\d{0,18}\s*$/.test(value);
  // src/util/viruuid.c, virUUIDParse: dashes are where one likes.
  if (isUuid === true) return /^[0-9a-f]{32}$/i.test(value.slice(0, 100).replaceAll(/[-\s]/g, ''));
  const number = anyBaseNumber(value.trim());
  return number !== null && number <= most;
}

function wordsOf({ words, most, isUuid, isList, isCount }: Accepted): string {
  if (isUuid === true) return 'the UUID of a mediated device';
  if (isList === true) return 'a list of nodes, such as 0-1';
  if (isCount === true) return 'a number from 1 on';
  if (words !== null) return words.size === 1 ? [...words].join('') : `one of ${[...words].join(', ')}`;
  return most === undefined ? 'a number' : `a number from 0 to ${most}`;
}

function missingParts(document: DomainDocument, element: XmlElement, needed: readonly string[]): readonly Outcome[] {
  return needed.flatMap((part) => {
    const [path = '', name] = part.split('@');
    const names = path.split('/');
    const parent = names.length > 1 ? first(element, ...names.slice(0, -1)) : element;
    const child = names.at(-1) ?? '';
    const found = first(element, ...names);
    // What is missing above is told for itself.
    if (parent === undefined || (found === undefined && name !== undefined)) return [];
    if (found !== undefined && (name === undefined || (attribute(found, name) ?? '') !== '')) return [];
    const [at, what] = found === undefined ? [parent, `<${child}>`] : [found, name ?? ''];
    return failAt(document, at, `<${at.name}> has no ${what}`, {
      expected: what,
      remedy: xmlRemedy(document, `Write its ${what}, or remove the <${element.name}>`),
    });
  });
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
