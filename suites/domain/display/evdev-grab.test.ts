import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './evdev-grab.ts';

const KEYBOARD = '/dev/input/by-id/usb-Board-event-kbd';
const MOUSE = '/dev/input/by-id/usb-Mouse-event-mouse';
const input = (path: string, attributes = ''): string => `<input type='evdev'>\n<source dev='${path}'${attributes}/>\n</input>`;

describe(rule.id, () => {
  it.each([
    ['a keyboard that switches all', input(MOUSE) + input(KEYBOARD, " grab='all'")],
    ['a device that may be a keyboard', input(MOUSE) + input('/dev/input/event4', " grab='all'")],
    ['a keyboard alone, which switches itself', input(KEYBOARD)],
  ])('passes %s', (_, devices) => expect(judgeOneDomain(rule, { devices })).toMatchObject({ status: 'pass' }));

  it('passes arguments for QEMU', () => {
    const words = ['-object', `input-linux,id=m,evdev=${MOUSE}`, '-object', `input-linux,id=k,evdev=${KEYBOARD},grab_all=on,repeat=on`];
    const body = `<commandline xmlns='http://libvirt.org/schemas/domain/qemu/1.0'>${words.map((word) => `<arg value='${word}'/>`).join('')}</commandline>`;
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' });
  });

  it('fails where the keyboard switches itself alone', () => {
    expect(judgeOneDomain(rule, { devices: input(MOUSE) + input(KEYBOARD) })).toMatchObject({
      status: 'fail',
      message: 'the guest keeps the other devices: no keyboard switches them all',
      evidence: [{ observed: `<source dev='${KEYBOARD}'/>`, expected: "grab='all' grabToggle='ctrl-ctrl' repeat='on'" }],
    });
  });

  it.each([input(MOUSE), input(MOUSE, " grab='all'")])('fails on a mouse alone', (devices) => {
    expect(judgeOneDomain(rule, { devices })).toMatchObject({ message: 'the guest keeps the mouse, and no keyboard can give it back' });
  });

  it('says nothing without evdev', () => expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' }));
});
