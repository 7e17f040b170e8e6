import { setAttribute, setText } from '../../../src/domain/edit.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { isForLookingGlass, type Shmem, shmems } from '../../../src/domain/shmem.ts';
import { attribute, textAt } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { requiredMiB } from '../../../src/looking-glass/memory-size.ts';

const MIB = 1024 * 1024;
/** More than that no guest shares: what is larger was given to keep passcheck busy, or is a slip. */
const LARGEST = 1024 * 1024 * MIB;
const FULL_HD = requiredMiB({ width: 1920, height: 1080 }, null);

export default defineDomainRule({
  id: 'domain/display/shared-memory-size',
  title: 'The size of shared memory is a power of two, and at least 1 MiB',
  severity: 'blocker',
  why: 'libvirt refuses to start a domain whose shared memory has another size. Without a unit the size is in bytes, and MB is a million.',
  sources: [
    'https://libvirt.org/formatdomain.html#shared-memory-device',
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/qemu/qemu_command.c',
  ],
  evaluate: (document) => shmems(document).map((shmem) => judge(document, shmem)),
});

function judge(document: DomainDocument, shmem: Shmem): Outcome {
  const { sizeElement, sizeBytes, element, name } = shmem;
  const spot = sizeElement ?? element;
  if (sizeElement === undefined) return passAt(document, spot, '4 MiB, the size that QEMU takes where none is written');
  const written = `${textAt(sizeElement) ?? ''} ${attribute(sizeElement, 'unit') ?? 'bytes'}`.slice(0, 60);
  const needed = nextMiB(shmem);
  const finding = {
    expected: 'a power of two, at least 1 MiB',
    remedy: xmlRemedy(document, needed === null ? 'Write a power of two of MiB' : `Give ${name || 'it'} ${needed} MiB`, {
      inside: '<shmem>',
      write: `<size unit='M'>${needed ?? FULL_HD}</size>`,
    }),
    edits: needed === null ? [] : [setText(document, sizeElement, String(needed)), setAttribute(document, sizeElement, 'unit', 'M')],
  };
  if (sizeBytes === null) return failAt(document, spot, `the size of the shared memory is ${written}, which is none`, finding);
  if (sizeBytes < MIB) return failAt(document, spot, `the shared memory has ${written}, libvirt wants 1 MiB at least`, finding);
  if (!isPowerOfTwo(sizeBytes)) return failAt(document, spot, `the shared memory has ${written}, which is no power of two`, finding);
  return passAt(document, spot);
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value)) && 2 ** Math.round(Math.log2(value)) === value;
}

/** The next size that libvirt takes; for Looking Glass at least what the smallest usual screen needs. Null: nothing is meant. */
function nextMiB(shmem: Shmem): number | null {
  const { sizeBytes } = shmem;
  if (sizeBytes === null || sizeBytes > LARGEST) return null;
  // The unit of `<size>32</size>` was forgotten.
  const meant = attribute(shmem.sizeElement, 'unit') === null && sizeBytes <= 4096 ? sizeBytes * MIB : sizeBytes;
  const rounded = 2 ** Math.ceil(Math.log2(Math.max(1, meant / MIB)));
  return isForLookingGlass(shmem) ? Math.max(rounded, FULL_HD) : rounded;
}
