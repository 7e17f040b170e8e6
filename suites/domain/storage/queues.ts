import { disksOf } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { wholeNumber } from '../../../src/domain/whole-number.ts';
import { all, attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/storage/queues',
  title: 'A virtio disk has a queue for each vCPU',
  severity: 'minor',
  why: 'With fewer queues than vCPUs, those that share one wait for each other; QEMU gives each its own by itself since 5.2.',
  sources: [
    'https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms',
    'https://gitlab.com/qemu-project/qemu/-/blob/master/hw/core/machine.c',
  ],
  evaluate(document) {
    return [
      ...disksOf(document)
        .filter(({ type }) => type !== 'vhostuser')
        .map(({ element, driver, bus, name }) => ({ element, driver, isVirtio: bus === 'virtio', who: `disk ${name}` })),
      ...all(document.root, 'devices', 'controller')
        .filter((controller) => attribute(controller, 'type') === 'scsi')
        .map((element) => ({
          element,
          driver: first(element, 'driver'),
          isVirtio: attribute(element, 'model')?.startsWith('virtio') === true,
          who: 'the SCSI controller',
        })),
    ].flatMap((candidate) => judge(document, candidate));
  },
});

interface Candidate {
  readonly element: XmlElement;
  readonly driver: XmlElement | undefined;
  readonly isVirtio: boolean;
  readonly who: string;
}

function judge(document: DomainDocument, { element, driver, isVirtio, who }: Candidate): readonly Outcome[] {
  const { vcpus } = document.domain;
  const written = attribute(driver, 'queues');
  const spot = { element: driver ?? element, attribute: 'queues' };
  // libvirt leaves a zero out.
  const number = wholeNumber(written);
  const expected = `queues='${vcpus}', or none written`;
  const remedy = xmlRemedy(document, `Remove queues from the <driver> of ${who}, or write ${vcpus}`);
  if (written !== null && number !== 0 && (!isVirtio || number === null)) {
    const message = isVirtio ? `${who} has '${written.slice(0, 40)}' queues` : `${who} has queues, which only virtio has`;
    return [failAt(document, spot, message, { expected: isVirtio ? expected : 'no queues', remedy, severity: 'blocker' })];
  }
  if (!isVirtio) return [];
  const queues = number || null;
  if (queues === null) {
    if (vcpus === 1 || !hasOneQueue(document)) return [passAt(document, spot)];
    const message = `${who} has one queue for ${vcpus} vCPUs, because of the old machine version`;
    return [
      failAt(document, spot, message, {
        expected: `queues='${vcpus}'`,
        remedy: xmlRemedy(document, `Write queues='${vcpus}' at the <driver> of ${who}`),
      }),
    ];
  }
  if (queues === vcpus) return [passAt(document, spot)];
  const message =
    queues < vcpus
      ? `${who} has ${queues} queues for ${vcpus} vCPUs`
      : `${who} has ${queues} queues, more than ${vcpus === 1 ? 'the one vCPU' : `the ${vcpus} vCPUs`} can use`;
  return [failAt(document, spot, message, { expected, remedy })];
}

/** Machines before 5.2 keep one queue (hw_compat_5_1). Names without a version mean the newest, distributions' own names nobody knows. */
function hasOneQueue({ root }: DomainDocument): boolean {
  const machine = attribute(first(root, 'os', 'type'), 'machine') ?? '';
  const match = /^pc-(?:q35|i440fx)-(\d{1,3})\.(\d{1,3})$/.exec(machine);
  if (match === null) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major < 5 || (major === 5 && minor < 2);
}
