import { disksOf } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { type IoThreads, ioThreadsOf, ioThreadsUsed, type IoThreadUse } from '../../../src/domain/io-threads.ts';
import { all, attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/storage/iothread-exists',
  title: 'Every I/O thread that a disk asks for is there, and the disk can have one',
  severity: 'blocker',
  why: 'libvirt refuses a disk with an I/O thread that is not defined, and an I/O thread at anything but virtio disks and virtio-scsi controllers.',
  sources: [
    'https://libvirt.org/formatdomain.html#iothreads-allocation',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/qemu/qemu_validate.c',
  ],
  evaluate(document) {
    const threads = ioThreadsOf(document);
    return [
      ...disksOf(document).flatMap((disk) => judge(document, threads, disk.driver, `disk ${disk.name}`, onWrongBus(disk.bus))),
      ...all(document.root, 'devices', 'controller')
        .filter((controller) => attribute(controller, 'type') === 'scsi')
        .flatMap((controller) => judge(document, threads, first(controller, 'driver'), 'a SCSI controller', ofWrongModel(controller))),
    ];
  },
});

function onWrongBus(bus: string | null): string | null {
  return bus === 'virtio' ? null : `is on the bus ${bus?.slice(0, 40) ?? 'that nothing tells'}, which has no I/O threads`;
}

/** Without a model libvirt takes an LSI. */
function ofWrongModel(controller: XmlElement): string | null {
  const model = attribute(controller, 'model');
  return model?.startsWith('virtio') === true ? null : `is ${model?.slice(0, 40) ?? 'of the model lsilogic'}, which has no I/O threads`;
}

function judge(
  document: DomainDocument,
  threads: IoThreads,
  driver: XmlElement | undefined,
  who: string,
  misfit: string | null,
): readonly Outcome[] {
  const uses = ioThreadsUsed(driver);
  const [spot] = uses;
  if (spot === undefined) return [];
  if (misfit !== null) {
    return [
      failAt(document, spot, `${who} asks for an I/O thread, and ${misfit}`, {
        expected: "bus='virtio', or no iothread",
        remedy: xmlRemedy(
          document,
          `Remove the iothread of ${who}; a virtio disk can have one, and a disk on virtio-scsi has that of its <controller type='scsi' model='virtio-scsi'>`,
        ),
      }),
    ];
  }
  const missing = uses.filter(({ id }) => id === null || !threads.has(id));
  return missing.length === 0 ? [passAt(document, spot)] : missing.map((use) => absent(document, threads, use, who));
}

function absent(document: DomainDocument, threads: IoThreads, use: IoThreadUse, who: string): Outcome {
  if (use.id === null) {
    return failAt(document, use, `${who} asks for the I/O thread '${use.written.slice(0, 40)}', which is no number`, {
      expected: 'the number of an I/O thread, from 1 on',
      remedy: xmlRemedy(document, `Write the number of an I/O thread for ${who}`),
    });
  }
  const defined =
    threads.count === 0 ? 'none is defined' : `there ${threads.count === 1 ? 'is 1' : `are ${threads.count}`}, without that number`;
  return failAt(document, use, `${who} asks for the I/O thread ${use.id}, and ${defined}`, {
    expected: `an I/O thread ${use.id}`,
    remedy: xmlRemedy(document, `Define the I/O thread ${use.id}, or remove it from ${who}`, definition(document, use.id)),
  });
}

function definition({ root }: DomainDocument, id: number): { readonly inside: string; readonly write: string } {
  if (first(root, 'iothreadids') !== undefined) return { inside: '<iothreadids>', write: `<iothread id='${id}'/>` };
  if (id <= 64) return { inside: '<domain>', write: `<iothreads>${id}</iothreads>` };
  return { inside: '<domain>', write: `<iothreadids><iothread id='${id}'/></iothreadids>` };
}
