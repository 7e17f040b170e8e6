import { el, type Tree } from '../tree.ts';
import type { Machine } from './machine.ts';

/** What a person has before them: in the order of libvirt these are in three places among the devices. */
export interface Display {
  readonly channels: readonly Tree[];
  readonly inputs: readonly Tree[];
  readonly outputs: readonly Tree[];
}

/** SPICE with a screen of its own, or nothing at all. libvirt would add a screen where it is not told that there is none. */
export function display(machine: Machine): Display {
  const { vm } = machine;
  if (!vm.spice) return { channels: [], inputs: [], outputs: [el('audio', { id: 1, type: 'none' }), video('none')] };
  return {
    channels: [el('channel', { type: 'spicevmc' }, [el('target', { type: 'virtio', name: 'com.redhat.spice.0' })])],
    inputs: inputs(machine),
    outputs: [
      el('graphics', { type: 'spice', autoport: 'yes' }, [el('listen', { type: 'address', address: '127.0.0.1' })]),
      el('sound', { model: 'ich9' }),
      el('audio', { id: 1, type: 'spice' }),
      // The client of Looking Glass falls back to a plain VGA card, for which Windows brings its basic driver only.
      video(vm.lookingGlass === undefined ? 'virtio' : 'vga'),
    ],
  };
}

/** Looking Glass sends movements, which a tablet does not take; a PS/2 mouse and keyboard are there in any case. */
function inputs({ vm }: Machine): readonly Tree[] {
  if (vm.lookingGlass === undefined) return [el('input', { type: 'tablet', bus: 'usb' })];
  return [el('input', { type: 'mouse', bus: 'virtio' }), el('input', { type: 'keyboard', bus: 'virtio' })];
}

function video(model: 'none' | 'virtio' | 'vga'): Tree {
  return el('video', {}, [el('model', { type: model })]);
}
