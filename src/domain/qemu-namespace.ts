import type { XmlElement } from './xml.ts';

/** Of `<qemu:commandline>`: https://libvirt.org/drvqemu.html#pass-through-of-arbitrary-qemu-commands */
export const QEMU_NAMESPACE = 'http://libvirt.org/schemas/domain/qemu/1.0';

/** The children of that namespace with this name, whatever their prefix. */
export function inQemu(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.namespace === QEMU_NAMESPACE && child.name === name);
}
