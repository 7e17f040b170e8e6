import type { DomainDocument } from '../../../src/domain/document.ts';
import { type FirmwareDefinition, firmwareDefinition } from '../../../src/domain/firmware-definition.ts';
import { attribute } from '../../../src/domain/xml.ts';
import type { Spot } from '../../../src/domain/locate.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Libvirt } from '../../../src/facts/libvirt.ts';

export default defineDomainRule({
  id: 'domain/machine/firmware-choice',
  title: 'What the definition says of its firmware fits together',
  severity: 'blocker',
  wantsHost: ['libvirt'],
  why: 'libvirt refuses a definition that both leaves the firmware to it and does not, or asks for what excludes each other.',
  sources: [
    'https://libvirt.org/formatdomain.html#bios-bootloader',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/conf/domain_validate.c',
  ],
  evaluate(document, { libvirt }) {
    const firmware = firmwareDefinition(document.root);
    const { os, loader, nvram, featuresElement, chosenBy } = firmware;
    if (os === undefined || (chosenBy === null && loader === undefined && nvram === undefined && featuresElement === undefined)) return [];
    // A domain that libvirt printed it has taken.
    const version = libvirt.ok && !document.isDefined ? libvirt.value.version : null;
    // Of a running domain libvirt before 9.2 prints the features beside the files, and drops that it chose them.
    const isLive = attribute(document.root, 'id') !== null && firmware.path !== null;
    const problem = chosenBy === null ? withoutChoice(firmware, isLive) : withChoice(firmware, version);
    if (problem === null) return passAt(document, os);
    return failAt(document, problem.spot(document), problem.message, { remedy: xmlRemedy(document, problem.fix) });
  },
});

interface Problem {
  readonly spot: (document: DomainDocument) => Spot;
  readonly message: string;
  readonly fix: string;
}

const at =
  (...spots: readonly (Spot | undefined)[]): Problem['spot'] =>
  ({ root }) =>
    spots.find((spot) => spot !== undefined) ?? root;

function withoutChoice({ loader, nvram, path, features, featuresElement }: FirmwareDefinition, isLive: boolean): Problem | null {
  if (features.size > 0 && !isLive) {
    const message = "<firmware> asks for features, but without firmware='efi' libvirt does not choose";
    return { spot: at(featuresElement), message, fix: "Write firmware='efi' at <os>, or remove <firmware>" };
  }
  if (path === null && (loader !== undefined || nvram !== undefined)) {
    const message = 'no path of a loader is written, and libvirt is not to choose one';
    return { spot: at(loader, nvram), message, fix: "Write firmware='efi' at <os>, or the path of the firmware into <loader>" };
  }
  return null;
}

function withChoice(firmware: FirmwareDefinition, version: Libvirt['version']): Problem | null {
  const { os, loader, nvram, chosenBy, features, featuresElement } = firmware;
  if (chosenBy !== 'efi' && chosenBy !== 'bios') {
    const spot = os === undefined ? at(os) : at({ element: os, attribute: 'firmware' });
    return { spot, message: `libvirt knows no firmware="${(chosenBy ?? '').slice(0, 40)}"`, fix: "Write firmware='efi'" };
  }
  if (features.get('enrolled-keys') === true && features.get('secure-boot') === false) {
    const message = 'enrolled-keys is asked for, and secure-boot excluded';
    return { spot: at(featuresElement), message, fix: 'Enable both features, or neither' };
  }
  if (chosenBy === 'bios' && nvram !== undefined) {
    return { spot: at(nvram), message: 'a BIOS has no <nvram>: libvirt refuses it', fix: "Remove <nvram>, or write firmware='efi'" };
  }
  const named = namedBeside(firmware);
  if (named !== null && isBefore(version, [9, 2])) {
    const message = `libvirt ${version?.join('.') ?? ''} takes no ${named} beside firmware='efi'; 9.2 and later do`;
    return { spot: at(loader, nvram), message, fix: FIX };
  }
  return null;
}

/** Two ways, one for each kind of domain: variables of an installed system belong to the firmware that made them. */
const FIX =
  "Choose one of two ways. A new Windows 11 with Secure Boot: keep firmware='efi' and <firmware>, remove <loader> and the template of <nvram>, and libvirt chooses. A system that is installed already: keep <loader> and <nvram>, remove firmware='efi' and <firmware>";

/** Measured with libvirt 9.0, which takes `secure='yes'` and the path of the variables, and nothing else. */
function namedBeside({ loader, path, isReadOnly, isSecure, template }: FirmwareDefinition): string | null {
  if (path !== null || isReadOnly !== null || isSecure === false || attribute(loader, 'type') !== null) return 'loader';
  return template === null ? null : 'template of the variables';
}

function isBefore(version: Libvirt['version'], [major, minor]: readonly [number, number]): boolean {
  return version !== null && (version[0] < major || (version[0] === major && version[1] < minor));
}
