import type { DomainDocument } from '../../../src/domain/document.ts';
import { type EvdevInput, evdevInputs } from '../../../src/domain/evdev.ts';
import type { Spot } from '../../../src/domain/locate.ts';
import { attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/display/evdev-source',
  title: 'Each evdev input names a device of its own, by a name that lasts',
  severity: 'blocker',
  why: 'QEMU does not start without a device to take events from; /dev/input/event4 can be another device after the next boot.',
  sources: [
    'https://libvirt.org/formatdomain.html#input-devices',
    'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#Passing_keyboard/mouse_via_Evdev',
  ],
  evaluate(document) {
    const seen = new Map<string, EvdevInput>();
    return evdevInputs(document).map((input) => {
      const other = seen.get(input.path);
      seen.set(input.path, input);
      return judge(document, input, other);
    });
  },
});

function judge(document: DomainDocument, { spot, path }: EvdevInput, other: EvdevInput | undefined): Outcome {
  const byId = xmlRemedy(document, 'Name the device below /dev/input/by-id: *-event-kbd is a keyboard, *-event-mouse a mouse');
  if (!path.startsWith('/')) {
    const message = path === '' ? 'the evdev input names no device' : `${path.slice(0, 80)} is no path of a device`;
    return failAt(document, spot, message, { expected: '/dev/input/by-id/…-event-kbd', remedy: byId });
  }
  if (other !== undefined) {
    return failAt(document, spot, `${path.slice(0, 120)} is passed twice: the guest gets each key twice`, {
      evidence: [seenAt(document, other.spot)],
      remedy: xmlRemedy(document, 'Take one of them away'),
      severity: 'major',
    });
  }
  const word = unknownWord(spot);
  if (word !== null) {
    return failAt(
      document,
      { element: elementOf(spot), attribute: word.name },
      `${word.name} is ${word.value.slice(0, 40)}, which libvirt refuses`,
      {
        expected: word.known.join(', '),
        remedy: xmlRemedy(document, `Write one of ${word.known.join(', ')}`),
      },
    );
  }
  if (!/^\/dev\/input\/event\d+$/.test(path)) return passAt(document, spot);
  return failAt(document, spot, `${path.slice(0, 60)} is a number that the kernel gives out anew at every boot`, {
    expected: '/dev/input/by-id/…',
    remedy: byId,
    severity: 'minor',
  });
}

/** What libvirt takes in the attributes of `<source>`. */
const WORDS = {
  grab: ['all'],
  repeat: ['on', 'off'],
  grabToggle: ['ctrl-ctrl', 'alt-alt', 'shift-shift', 'meta-meta', 'scrolllock', 'ctrl-scrolllock'],
} as const;

function unknownWord(spot: Spot): { readonly name: string; readonly value: string; readonly known: readonly string[] } | null {
  const element = elementOf(spot);
  if (element.name !== 'source') return null;
  for (const [name, known] of Object.entries(WORDS)) {
    const value = attribute(element, name);
    if (value !== null && !(known as readonly string[]).includes(value)) return { name, value, known };
  }
  return null;
}

function elementOf(spot: Spot): XmlElement {
  return 'element' in spot ? spot.element : spot;
}
