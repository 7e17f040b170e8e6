import { describe, expect, it } from 'vitest';

import { aDocument } from '../../test/domain-rule.ts';
import { evdevInputs, evdevKind } from './evdev.ts';

const KEYBOARD = '/dev/input/by-id/usb-Board-event-kbd';
const DOMAIN = `<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>vm</name><devices>
  <input type='evdev'><source dev='${KEYBOARD}' grab='all' repeat='on'/></input>
  <input type='evdev'/>
  <input type='tablet' bus='usb'/>
</devices><qemu:commandline>
  <qemu:arg value='-object'/><qemu:arg value='input-linux,id=m,evdev=/dev/input/event5,grab_all=on'/>
  <qemu:arg value='-object'/><qemu:arg value='rng-random,id=r'/>
</qemu:commandline></domain>`;

describe('evdevInputs', () => {
  it('are those of libvirt, and those of arguments for QEMU', () => {
    expect(evdevInputs(aDocument(DOMAIN)).map(({ path, way, grabsAll }) => [path, way, grabsAll])).toEqual([
      [KEYBOARD, 'element', true],
      ['', 'element', false],
      ['/dev/input/event5', 'argument', true],
    ]);
  });
});

describe('evdevKind', () => {
  it.each([
    [KEYBOARD, 'keyboard'],
    ['/dev/input/by-id/usb-Mouse-if01-event-mouse', 'mouse'],
    ['/dev/input/event5', 'unknown'],
    ['/dev/input/by-id/usb-Board-event-if01', 'unknown'],
  ])('%s', (path, kind) => expect(evdevKind({ path })).toBe(kind));
});
