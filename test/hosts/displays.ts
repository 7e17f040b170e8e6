import type { MemoryHost } from '../../src/host/memory.ts';
import { type PciFunction, pciFolder } from './pci.ts';

/** A card of the kernel's display drivers, or the firmware's framebuffer. */
export interface Screen {
  /** The PCI function. */
  readonly on: string;
  /** Connectors that have a monitor and a picture. */
  readonly lit?: readonly string[];
  /** Connectors without. */
  readonly dark?: readonly string[];
  /** Name of its framebuffer, when it has one: `amdgpudrmfb`, `EFI VGA`. The first has the text console. */
  readonly framebuffer?: string;
  /** simpledrm or efifb of a kernel from 6.9 on: below `simple-framebuffer.0`. */
  readonly isFirmware?: boolean;
}

export function displayParts(pci: readonly PciFunction[], screens: readonly Screen[]): MemoryHost {
  const files: Record<string, string> = {};
  const links: Record<string, string> = {};
  const regions: string[] = [];
  let framebuffers = 0;
  for (const [index, { on, lit = [], dark = [], framebuffer, isFirmware = false }] of screens.entries()) {
    const folder = `${pciFolder(pci, on)}${isFirmware ? '/simple-framebuffer.0' : ''}`;
    const card = `card${index}`;
    links[`/sys/class/drm/${card}`] = `../..${folder.slice(4)}/drm/${card}`;
    files[`${folder}/drm/${card}/dev`] = `226:${index}\n`;
    for (const connector of [...lit, ...dark]) {
      const path = `${folder}/drm/${card}/${card}-${connector}`;
      links[`/sys/class/drm/${card}-${connector}`] = `../..${path.slice(4)}`;
      files[`${path}/status`] = lit.includes(connector) ? 'connected\n' : 'disconnected\n';
      files[`${path}/enabled`] = lit.includes(connector) ? 'enabled\n' : 'disabled\n';
    }
    if (framebuffer !== undefined) {
      const name = `fb${framebuffers++}`;
      links[`/sys/class/graphics/${name}`] = `../..${folder.slice(4)}/graphics/${name}`;
      files[`${folder}/graphics/${name}/name`] = `${framebuffer}\n`;
    }
    if (isFirmware)
      regions.push(`    ${'0'.repeat(8)}-${'0'.repeat(8)} : ${on}\n      ${'0'.repeat(8)}-${'0'.repeat(8)} : simple-framebuffer\n`);
  }
  return {
    files: {
      ...files,
      '/sys/class/vtconsole/vtcon0/name': '(S) dummy device\n',
      '/sys/class/vtconsole/vtcon0/bind': framebuffers > 0 ? '0\n' : '1\n',
      ...(framebuffers > 0
        ? { '/sys/class/vtconsole/vtcon1/name': '(M) frame buffer device\n', '/sys/class/vtconsole/vtcon1/bind': '1\n' }
        : {}),
      '/sys/class/tty/console/active': 'tty0\n',
      '/proc/iomem': `00000000-00000000 : Reserved\n00000000-00000000 : PCI Bus 0000:00\n${regions.join('')}`,
    },
    links,
  };
}
