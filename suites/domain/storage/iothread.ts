import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { systemDisk } from '../../../src/domain/boot-order.ts';
import { disksOf, isHardDisk } from '../../../src/domain/disks.ts';
import { ioThreadsOf, ioThreadsUsed } from '../../../src/domain/io-threads.ts';
import { all, attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import type { XmlChange } from '../../../src/engine/xml-change.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/storage/iothread',
  title: 'The virtio disks have an I/O thread',
  severity: 'minor',
  why: 'Without an I/O thread the disks are served by QEMU’s main thread, beside the emulation of everything else: heavy disk traffic then shows as stutter.',
  sources: ['https://libvirt.org/formatdomain.html#iothreads-allocation'],
  applies: [passesDeviceThrough],
  evaluate(document) {
    const threads = ioThreadsOf(document);
    const disks = disksOf(document).filter((disk) => isHardDisk(disk) && disk.bus === 'virtio' && disk.type !== 'vhostuser');
    const controllers = all(document.root, 'devices', 'controller').filter(
      (controller) => attribute(controller, 'type') === 'scsi' && attribute(controller, 'model')?.startsWith('virtio') === true,
    );
    const drivers = [...disks.map(({ driver }) => driver), ...controllers.map((controller) => first(controller, 'driver'))];
    const used = drivers.flatMap(ioThreadsUsed)[0];
    if (used !== undefined) return passAt(document, used);
    const defined = first(document.root, 'iothreads') ?? first(document.root, 'iothreadids');
    const spot = systemDisk(document, disks)?.element ?? disks[0]?.element ?? controllers[0];
    if (threads.count > 0 && defined !== undefined) {
      const many = threads.count === 1 ? 'an I/O thread is' : `${threads.count} I/O threads are`;
      return failAt(document, defined, `${many} defined, and no disk uses one`, {
        expected: "iothread='1' at the <driver> of a virtio disk or of a virtio-scsi controller",
        remedy: xmlRemedy(
          document,
          "Write iothread='1' at the <driver> of a virtio disk or of a virtio-scsi controller, or remove the I/O threads and their pins",
          ...(spot === undefined || !threads.has(1) ? [] : [atDriver(spot)]),
        ),
      });
    }
    if (spot === undefined) return [];
    return failAt(document, spot, 'no disk has an I/O thread of its own', {
      expected: "iothread='1'",
      remedy: xmlRemedy(
        document,
        spot.name === 'controller'
          ? 'Define an I/O thread, name it at the virtio-scsi controller (its disks can have none of their own), and pin it beside the emulator'
          : "Define an I/O thread, name it at the disk's <driver>, and pin it beside the emulator",
        { inside: '<domain>', write: '<iothreads>1</iothreads>' },
        atDriver(spot),
      ),
    });
  },
});

/** A disk on virtio, or a virtio-scsi controller: the disks of that one share its thread. */
function atDriver(spot: XmlElement): XmlChange {
  const place = spot.name === 'controller' ? "<controller type='scsi' model='virtio-scsi'>" : '<disk>';
  return { inside: place, within: spot, write: "<driver iothread='1'/>" };
}
