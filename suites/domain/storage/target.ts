import { isQ35 } from '../../../src/domain/controllers.ts';
import { type Disk, disksOf, driverOption, isHardDisk } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { failAt, passWithout, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/storage/target',
  title: 'Every drive has a name of its own, on a bus that takes it',
  severity: 'blocker',
  why: 'libvirt refuses a definition with a drive that its bus or its machine does not have, or with one target name for two drives.',
  sources: [
    'https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/qemu/qemu_validate.c',
  ],
  evaluate(document) {
    const disks = disksOf(document);
    if (disks.length === 0) return [];
    const isQ35Machine = isQ35(document);
    const taken = new Map<string, Disk>();
    const outcomes = disks.flatMap((disk): readonly Outcome[] => {
      const other = disk.target === null ? undefined : taken.get(disk.target);
      if (disk.target !== null && other === undefined) taken.set(disk.target, disk);
      return [...(other === undefined ? [] : [twice(document, disk, other)]), ...(misfit(document, disk, isQ35Machine) ?? [])];
    });
    return outcomes.length > 0 ? outcomes : passWithout(document, `${disks.length} drives, each with a name of its own`);
  },
});

function twice(document: DomainDocument, disk: Disk, other: Disk): Outcome {
  return failAt(document, disk.element, `two drives are called ${disk.name}`, {
    expected: 'a target name that no other drive has',
    remedy: xmlRemedy(document, 'Give one of the two another target name'),
    evidence: [seenAt(document, other.element)],
  });
}

/** The first thing that libvirt refuses in a drive. */
function misfit(document: DomainDocument, disk: Disk, isQ35Machine: boolean): readonly Outcome[] | null {
  const { device, bus, name } = disk;
  const at = (message: string, expected: string, summary: string): readonly Outcome[] => [
    failAt(document, disk.element, message, { expected, remedy: xmlRemedy(document, summary) }),
  ];
  if (disk.target === null && disk.type !== 'vhostuser')
    return at('a drive has no target', "<target dev='…'/>", 'Give the drive a target name');
  if (isHardDisk(disk) && disk.path === null && ['file', 'block'].includes(disk.type))
    return at(`disk ${name} has no source`, 'a file or block device', 'Name the image or the block device of the disk, or remove the disk');
  if (bus === 'ide' && isQ35Machine)
    return at(`drive ${name} is on an IDE bus, which the machine q35 does not have`, "bus='sata'", `Put ${name} on the bus sata`);
  if (device === 'cdrom' && bus === 'virtio')
    return at(`the CD-ROM drive ${name} is on the bus virtio, which has no removable media`, "bus='sata'", `Put ${name} on the bus sata`);
  if (device === 'lun' && bus !== 'virtio' && bus !== 'scsi')
    return at(`LUN ${name} is on the bus ${bus?.slice(0, 40) ?? 'that nothing tells'}`, "bus='scsi'", `Put ${name} on the bus scsi`);
  if (device === 'lun' && !['raw', null].includes(driverOption(disk, 'type')))
    return at(`LUN ${name} has a format, and is passed on as it is`, "type='raw'", `Write type='raw' at the <driver> of ${name}`);
  if (device === 'disk' && disk.isReadOnly && (bus === 'sata' || bus === 'ide'))
    return at(
      `disk ${name} is read-only on the bus ${bus}, which has no such disks`,
      "bus='virtio'",
      `Put ${name} on virtio or scsi, or remove <readonly/>`,
    );
  return null;
}
