import { el, type Tree } from '../tree.ts';
import { alias } from './alias.ts';
import { ioThreads, type Machine, type MachineDisk } from './machine.ts';

/** Ports of a SATA controller. Half of those of the first are for CD drives, so that no disk moves when they come and go. */
const PORTS = { cd: [0, 1, 2, 6, 7, 8], disk: [3, 4, 5] } as const;
/** The fourth disk has the first port behind all those of CD drives. */
const BESIDE = 9 - PORTS.disk.length;

/** The disks, and the CD drives with their images. An empty disk boots nothing, so the firmware goes on to the first image. */
export function drives(machine: Machine): readonly Tree[] {
  const { disks, media } = machine;
  return [
    ...disks.map((disk, index) => diskTree(disk, index, machine)),
    ...media.map(({ path }, index) =>
      el('disk', { type: 'file', device: 'cdrom' }, [
        el('driver', { name: 'qemu', type: 'raw' }),
        // The guest starts without an image that was deleted after the installation.
        el('source', { file: path, startupPolicy: 'optional' }),
        el('target', { dev: driveName('sd', PORTS.cd[index] ?? index), bus: 'sata' }),
        el('readonly'),
        bootOrder(index + 2),
        alias('cd', index),
      ]),
    ),
  ];
}

function diskTree({ path, format, bus }: MachineDisk, index: number, machine: Machine): Tree {
  const [iothread = null] = bus === 'virtio' ? ioThreads(machine) : [];
  const before = machine.disks.slice(0, index).filter((disk) => disk.bus === bus).length;
  const dev = bus === 'virtio' ? driveName('vd', before) : driveName('sd', PORTS.disk[before] ?? BESIDE + before);
  return el('disk', { type: 'file', device: 'disk' }, [
    el('driver', { name: 'qemu', type: format, cache: 'none', discard: 'unmap', iothread }),
    el('source', { file: path }),
    el('target', { dev, bus }),
    index === 0 ? bootOrder(1) : null,
    alias('disk', index),
  ]);
}

function bootOrder(order: number): Tree {
  return el('boot', { order });
}

/** `vda` … `vdz`, `vdaa`. */
function driveName(prefix: 'vd' | 'sd', index: number): string {
  const letter = String.fromCodePoint(97 + (index % 26));
  return index < 26 ? `${prefix}${letter}` : `${driveName(prefix, Math.floor(index / 26) - 1)}${letter}`;
}
