import type { DomainDocument } from '../../../src/domain/document.ts';
import {
  type IvshmemArgument,
  isLookingGlassObject,
  ivshmemArguments,
  type MemoryObject,
  memoryObjects,
} from '../../../src/domain/kvmfr.ts';
import { qemuOptions } from '../../../src/domain/qemu-devices.ts';
import { optionText, parseQemuOption } from '../../../src/domain/qemu-option.ts';
import { shmems } from '../../../src/domain/shmem.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

const DOCUMENTATION = 'https://looking-glass.io/docs/B7/ivshmem_kvmfr/';

export default defineDomainRule({
  id: 'domain/display/kvmfr-arguments',
  title: 'The arguments for QEMU that share memory belong together: a device, and the memory that it names',
  severity: 'blocker',
  why: 'QEMU does not start with a device whose memory is not there, or with values of a wrong type; memory that is not shared nobody sees.',
  sources: [DOCUMENTATION, 'https://www.qemu.org/docs/master/system/devices/ivshmem.html'],
  evaluate(document) {
    const devices = ivshmemArguments(document);
    const objects = memoryObjects(document);
    const used = new Set(devices.flatMap(({ memdev }) => memdev ?? []));
    const own = objects.filter((object) => isLookingGlassObject(object) || (object.id !== null && used.has(object.id)));
    const ids = objectIds(document);
    return [
      ...unreadable(document),
      ...devices.map((device) => judgeDevice(document, device, ids)),
      ...own.map((object) => judgeObject(document, object, used)),
    ];
  },
});

/** Of every object, also of those that are no file. */
function objectIds(document: DomainDocument): ReadonlySet<string> {
  return new Set(
    qemuOptions(document, 'object').flatMap(({ value }) => {
      const option = parseQemuOption(value);
      return option === null ? [] : (optionText(option, 'id') ?? []);
    }),
  );
}

/** JSON about shared memory that is none. */
function unreadable(document: DomainDocument): Outcome[] {
  return ['device', 'object']
    .flatMap((name) => qemuOptions(document, name))
    .filter(
      ({ value }) => /^\s*\{/.test(value) && /ivshmem|kvmfr|looking-?glass/i.test(value.slice(0, 4096)) && parseQemuOption(value) === null,
    )
    .map(({ element }) =>
      failAt(document, element, 'QEMU takes this for JSON, and it is none', {
        expected: "{'driver':'ivshmem-plain', …}",
        remedy: xmlRemedy(
          document,
          `Write it as ${DOCUMENTATION} shows: quotes around every name and text, commas between the pairs, a closing brace`,
        ),
      }),
    );
}

/** Names that libvirt gives to its own objects. */
const OF_LIBVIRT = /^(?:shmmem-|pc\.ram$|ram-node\d|mem\w*\d)/;

function judgeDevice(document: DomainDocument, device: IvshmemArgument, ids: ReadonlySet<string>): Outcome {
  const { element, option, memdev, id } = device;
  if (option.kind !== 'ivshmem-plain') return passAt(document, element);
  if (memdev === null) {
    return failAt(document, element, 'ivshmem-plain names no memory', {
      expected: 'memdev=looking-glass',
      remedy: xmlRemedy(document, 'Name the id of the memory-backend-file in memdev'),
    });
  }
  if (!ids.has(memdev) && !OF_LIBVIRT.test(memdev)) {
    return failAt(document, element, `the memory ${memdev.slice(0, 60)} of ivshmem-plain is nowhere defined`, {
      expected: `-object with the id ${memdev.slice(0, 60)}`,
      remedy: xmlRemedy(
        document,
        `Add the -object with the id ${memdev.slice(0, 60)} that ${DOCUMENTATION} shows, or name the one that is there`,
      ),
    });
  }
  const taken = Number(/^shmem(\d{1,4})$/.exec(id ?? '')?.[1] ?? -1);
  const [other, ...more] = shmems(document);
  if (other === undefined || taken < 0 || taken > more.length) return passAt(document, element);
  return failAt(document, element, `libvirt calls the <shmem> of the definition ${id}, too, and QEMU takes no id twice`, {
    evidence: [seenAt(document, other.element)],
    remedy: xmlRemedy(document, 'Take <shmem> away where kvmfr replaces it, else give the device another id'),
  });
}

function judgeObject(document: DomainDocument, object: MemoryObject, used: ReadonlySet<string>): Outcome {
  const { element, option, id, sizeBytes, isShared, path } = object;
  const { syntax, values } = option;
  const expected = syntax === 'json' ? "'size':33554432,'share':true" : 'size=32M,share=on';
  const wrong = (message: string, summary: string, severity?: 'major'): Outcome =>
    failAt(document, element, message, { expected, remedy: xmlRemedy(document, summary), ...(severity === undefined ? {} : { severity }) });
  if (syntax === 'json' && typeof values.get('share') === 'string')
    return wrong('share is a text, and QEMU wants true or false there', 'Write true, without quotes');
  if (syntax === 'json' && typeof values.get('size') === 'string')
    return wrong('size is a text, and QEMU wants a number of bytes there', 'Write the number of bytes, without quotes');
  const size = optionText(option, 'size');
  if (size === null) return wrong(`the memory of ${path.slice(0, 80)} has no size`, 'Write the size of the device');
  if (sizeBytes === null && !/^(?:0x[0-9a-f]+|[\d.]+[bkmgtpe]?)$/i.test(size))
    return wrong(`size ${size.slice(0, 40)} is none that QEMU knows`, 'Write the size like 32M');
  // It becomes a BAR of the device: pci_register_bar of QEMU aborts.
  if (sizeBytes !== null && id !== null && used.has(id) && !Number.isInteger(Math.log2(sizeBytes)))
    return wrong(`the memory of ${path.slice(0, 80)} has ${sizeBytes} bytes, which is no power of two`, 'Write a power of two of MiB');
  if (!isShared)
    return wrong(`${path.slice(0, 80)} is mapped without sharing: the guest writes into a copy of its own`, 'Switch share on', 'major');
  if (id === null || !used.has(id))
    return wrong(
      `no device shows ${path.slice(0, 80)} to the guest`,
      `Add the -device that ${DOCUMENTATION} shows, with this id as memdev`,
      'major',
    );
  return passAt(document, element);
}
