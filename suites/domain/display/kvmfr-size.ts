import type { DomainDocument } from '../../../src/domain/document.ts';
import { kvmfrIndex, type MemoryObject, memoryObjects } from '../../../src/domain/kvmfr.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import type { Kvmfr } from '../../../src/facts/kvmfr.ts';

const MIB = 1024 * 1024;

export default defineDomainRule({
  id: 'domain/display/kvmfr-size',
  title: 'The domain maps as much of the kvmfr device as the module makes',
  severity: 'blocker',
  host: ['kvmfr'],
  why: 'QEMU does not start when it is to map more than the device has. With less, client and guest do not agree on the size.',
  sources: ['https://looking-glass.io/docs/B7/ivshmem_kvmfr/', 'https://github.com/gnif/LookingGlass/blob/B7/module/kvmfr.c'],
  evaluate: (document, { kvmfr }) =>
    memoryObjects(document).flatMap((object) => {
      const index = kvmfrIndex(object.path);
      return index === null ? [] : [judge(document, object, index, kvmfr)];
    }),
});

function judge(document: DomainDocument, { element, path, sizeBytes }: MemoryObject, index: number, { sizes, unread }: Kvmfr): Outcome {
  const [hidden] = unread;
  if (sizes === null) {
    return hidden === undefined
      ? notApplicable(`nothing on this host sets the size of ${path}; preflight judges whether it is there`)
      : couldNotLook(hidden, `it may set the size of ${path}`, 'run passcheck as root');
  }
  const seen = { source: sizes.source, observed: `static_size_mb=${sizes.mib.join(',')}` };
  const deviceMiB = sizes.mib[index];
  if (deviceMiB === undefined) {
    return failAt(document, element, `the module kvmfr makes ${sizes.mib.length} devices, and ${path} is none of them`, {
      evidence: [{ ...seen, expected: `${index + 1} sizes` }],
      remedy: xmlRemedy(document, 'Map /dev/kvmfr0, or load the module with one size for each device'),
    });
  }
  if (sizeBytes === null) return notApplicable(`the argument names no size for ${path}`);
  if (sizeBytes === deviceMiB * MIB) return passAt(document, element);
  return failAt(document, element, `the domain maps ${inMiB(sizeBytes)} of ${path}, which has ${deviceMiB} MiB`, {
    expected: `size ${deviceMiB * MIB}`,
    evidence: [seen],
    remedy: xmlRemedy(document, `Let the size in the argument be ${deviceMiB * MIB}, or load kvmfr with the size that the domain maps`),
    ...(sizeBytes < deviceMiB * MIB ? { severity: 'major' as const } : {}),
  });
}

function inMiB(bytes: number): string {
  return `${Math.floor((bytes / MIB) * 10) / 10} MiB`;
}
