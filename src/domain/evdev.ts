import type { DomainDocument } from './document.ts';
import { qemuOptions } from './qemu-devices.ts';
import { isOn, optionText, parseQemuOption } from './qemu-option.ts';
import type { Spot } from './locate.ts';
import { all, attribute, first } from './xml.ts';

/** A keyboard or mouse of the host whose events QEMU takes. */
export interface EvdevInput {
  readonly spot: Spot;
  /** `/dev/input/by-id/usb-…-event-kbd`; empty when it is not written. */
  readonly path: string;
  /** `argument`: libvirt does not know of it, and does not let QEMU open it. */
  readonly way: 'element' | 'argument';
  /** Does its key combination switch the others, too? */
  readonly grabsAll: boolean;
}

/** Inputs that are passed by evdev, by libvirt's element or by arguments for QEMU. https://libvirt.org/formatdomain.html#input-devices */
export function evdevInputs(document: Pick<DomainDocument, 'root'>): readonly EvdevInput[] {
  const elements = all(document.root, 'devices', 'input')
    .filter((input) => attribute(input, 'type') === 'evdev')
    .map((input): EvdevInput => {
      const source = first(input, 'source');
      return {
        spot: source ?? input,
        path: attribute(source, 'dev') ?? '',
        way: 'element',
        grabsAll: attribute(source, 'grab') === 'all',
      };
    });
  const byArgument = qemuOptions(document, 'object').flatMap(({ element, value }): EvdevInput[] => {
    const option = parseQemuOption(value);
    if (option?.kind !== 'input-linux') return [];
    const path = optionText(option, 'evdev') ?? '';
    return [{ spot: element, path, way: 'argument', grabsAll: isOn(option.values.get('grab_all')) }];
  });
  return [...elements, ...byArgument];
}

/** What udev's name of a device says that it is. */
export function evdevKind({ path }: Pick<EvdevInput, 'path'>): 'keyboard' | 'mouse' | 'unknown' {
  if (path.endsWith('-event-kbd')) return 'keyboard';
  return path.endsWith('-event-mouse') ? 'mouse' : 'unknown';
}
