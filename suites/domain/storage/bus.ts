import { bootDevices, systemDisk } from '../../../src/domain/boot-order.ts';
import { type Disk, disksOf, isHardDisk, isIsoImage } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { takesVirtio } from '../../../src/domain/applies.ts';
import { all, attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/storage/bus',
  title: 'The disks are on a bus made for virtual machines',
  severity: 'major',
  why: 'An emulated SATA, IDE or USB disk costs a trap into QEMU for nearly every command, has one queue, and cannot have an I/O thread.',
  sources: [
    'https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms',
    'https://www.qemu.org/docs/master/system/devices/virtio/virtio-blk.html',
  ],
  applies: [takesVirtio],
  evaluate(document) {
    const disks = disksOf(document).filter((disk) => isHardDisk(disk) && !isIsoImage(disk) && disk.type !== 'vhostuser');
    const slow = slowBuses(document);
    const system = systemDisk(document, disks);
    const hasOrder = bootDevices(document).length > 0 || disks.length === 1;
    return disks.map((disk) => {
      const bus = slow(disk);
      const spot = first(disk.element, 'target') ?? disk.element;
      if (bus === null) return passAt(document, spot);
      const boots = disk === system && hasOrder;
      return failAt(document, spot, `disk ${disk.name}${boots ? ', which boots,' : ''} is on ${bus}`, {
        expected: "bus='virtio', or scsi with a virtio-scsi controller",
        remedy: xmlRemedy(document, summary(document, boots)),
        ...(boots && document.guest.os !== 'unknown' ? {} : { severity: 'minor' as const }),
      });
    });
  },
});

/** Windows does not boot from a disk whose driver it has never loaded. */
function summary({ guest }: DomainDocument, boots: boolean): string {
  const change = "Change the target to bus='virtio' and remove the disk's <address>";
  if (guest.os === 'linux') return change;
  if (!boots) return `Install the virtio-win drivers in the guest, then: ${change.toLowerCase()}`;
  return `Load the driver first (install virtio-win, start once with a small second disk on virtio); then: ${change.toLowerCase()}`;
}

const EMULATED: Readonly<Record<string, string>> = {
  sata: 'an emulated SATA controller',
  ide: 'an emulated IDE controller',
  usb: 'an emulated USB stick',
  fdc: 'an emulated floppy controller',
  sd: 'an emulated SD card reader',
};

/** What slows a disk down, for people; null when nothing does. A SCSI controller without a model is an LSI of 1996. */
function slowBuses({ root }: DomainDocument): (disk: Disk) => string | null {
  const controllers = new Map<string, string | null>();
  for (const controller of all(root, 'devices', 'controller')) {
    const index = attribute(controller, 'index') ?? '0';
    if (attribute(controller, 'type') === 'scsi' && !controllers.has(index)) controllers.set(index, attribute(controller, 'model'));
  }
  return ({ bus, element }) => {
    if (bus !== 'scsi') return EMULATED[bus ?? ''] ?? null;
    const model = controllers.get(attribute(first(element, 'address'), 'controller') ?? '0') ?? 'lsilogic';
    return model.startsWith('virtio') ? null : `an emulated SCSI controller (${model.slice(0, 40)})`;
  };
}
