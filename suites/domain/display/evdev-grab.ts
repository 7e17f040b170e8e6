import { type EvdevInput, evdevInputs, evdevKind } from '../../../src/domain/evdev.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/display/evdev-grab',
  title: 'A keyboard gives the evdev devices back to the host',
  severity: 'minor',
  why: 'QEMU takes every evdev device when it starts. One without keys only comes back when a keyboard switches all of them; else the host has no mouse until the guest is off.',
  sources: ['https://libvirt.org/formatdomain.html#input-devices', 'https://gitlab.com/qemu-project/qemu/-/blob/v10.0.0/ui/input-linux.c'],
  evaluate(document) {
    const inputs = evdevInputs(document);
    const [first] = inputs;
    if (first === undefined) return [];
    const switching = inputs.find((input) => input.grabsAll && evdevKind(input) !== 'mouse');
    if (switching !== undefined) return passAt(document, switching.spot);
    if (inputs.length === 1 && evdevKind(first) !== 'mouse') return passAt(document, first.spot);
    const keyboard = inputs.find((input) => evdevKind(input) === 'keyboard') ?? inputs.find((input) => evdevKind(input) === 'unknown');
    const stuck =
      keyboard === undefined ? 'the mouse, and no keyboard can give it back' : 'the other devices: no keyboard switches them all';
    return failAt(document, (keyboard ?? first).spot, `the guest keeps ${stuck}`, {
      expected: expectedOf(keyboard ?? first),
      remedy: xmlRemedy(
        document,
        keyboard === undefined
          ? "Pass the keyboard, too, with grab='all'"
          : "Give the keyboard grab='all'; both Ctrl keys together then switch all devices",
      ),
    });
  },
});

function expectedOf({ way }: EvdevInput): string {
  return way === 'element' ? "grab='all' grabToggle='ctrl-ctrl' repeat='on'" : 'grab_all=on,repeat=on';
}
