import type { Remedy } from '../../src/engine/outcome.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import type { LibvirtHooks } from '../../src/facts/libvirt-hooks.ts';
import type { SelectedGpu } from '../../src/facts/passthrough.ts';
import { isDisplay, type PciDevice } from '../../src/facts/pci-devices.ts';

export const HOOK = '/etc/libvirt/hooks/qemu';

/** Who frees a GPU that is the only display of the host. */
export type OnlyDisplay =
  /** The host has another display, so the GPU can be kept from its drivers. */
  | { readonly kind: 'no' }
  | { readonly kind: 'without-hook' }
  | { readonly kind: 'hook'; readonly script: string }
  | { readonly kind: 'hidden'; readonly reason: string };

/** Can it show the host's picture? A 3D controller (class 0x0302) has no outputs, and a virtual function is none. */
export function canShow(device: PciDevice): boolean {
  return isDisplay(device) && !device.classCode.startsWith('0302') && device.physicalFunction === null;
}

/** Is this GPU the only display, and does a hook of libvirt free it when the virtual machine starts? */
export function onlyDisplay(devices: readonly PciDevice[], gpu: SelectedGpu, hooks: Attempt<LibvirtHooks>): OnlyDisplay {
  const own = new Set(gpu.functions.map(({ address }) => address));
  if (devices.some((device) => canShow(device) && !own.has(device.address))) return { kind: 'no' };
  if (!hooks.ok) return { kind: 'hidden', reason: hooks.error.reason };
  const { qemu } = hooks.value;
  if (qemu.state === 'unreadable') return { kind: 'hidden', reason: qemu.detail };
  const [script] = qemu.state === 'ok' ? qemu.value : [];
  return script === undefined ? { kind: 'without-hook' } : { kind: 'hook', script };
}

/** For the only display of a host without hook: binding it at boot would leave the host without a picture. */
export const SINGLE_GPU: Remedy = {
  summary: 'Give the host a second display, or write a libvirt hook that stops the desktop and frees the GPU before the start',
  steps: [{ file: HOOK, text: 'an executable script, see https://libvirt.org/hooks.html' }],
};

/** For a host with hook: what it does cannot be seen from outside. */
export function testHook(script: string): Remedy {
  return {
    summary: 'Test the hook over SSH: it must stop the desktop, unbind the console and unload the driver before the start',
    steps: [{ run: `cat ${script}` }],
  };
}
