import type { DomainDocument } from '../../src/domain/document.ts';
import { isLookingGlassObject, memoryObjects } from '../../src/domain/kvmfr.ts';
import { isForLookingGlass, shmems } from '../../src/domain/shmem.ts';
import type { XmlElement } from '../../src/domain/xml.ts';
import type { Evidence } from '../../src/engine/outcome.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import type { LookingGlassClient } from '../../src/facts/looking-glass-client.ts';
import type { SharedMemoryFile } from '../../src/facts/looking-glass.ts';
import type { Reading } from '../../src/host/reading.ts';
import { parseRelease, type Release, releaseName, releaseOfProtocol } from '../../src/looking-glass/release.ts';

/** One way in which a definition shares memory with the client of Looking Glass. */
export interface LookingGlassMemory {
  /** `shmem`: libvirt's element; `argument`: arguments for QEMU, as for the kernel module kvmfr. */
  readonly way: 'shmem' | 'argument';
  /** The whole of it: `<shmem>`, or the `<qemu:arg>` of the memory. */
  readonly element: XmlElement;
  /** Where its size is written. */
  readonly sizeSpot: XmlElement;
  /** On the host: `/dev/shm/looking-glass`, `/dev/kvmfr0`. */
  readonly path: string;
  /** Bytes; null when what is written is no size. */
  readonly sizeBytes: number | null;
}

/** The memories that Looking Glass can use, those of libvirt first. */
export function lookingGlassMemories(document: Pick<DomainDocument, 'root'>): readonly LookingGlassMemory[] {
  return [
    ...shmems(document)
      .filter(isForLookingGlass)
      .map(({ element, sizeElement, name, sizeBytes }): LookingGlassMemory => ({
        way: 'shmem',
        element,
        sizeSpot: sizeElement ?? element,
        path: `/dev/shm/${name}`,
        sizeBytes,
      })),
    ...memoryObjects(document)
      .filter(isLookingGlassObject)
      .map(({ element, path, sizeBytes }): LookingGlassMemory => ({ way: 'argument', element, sizeSpot: element, path, sizeBytes })),
  ];
}

/** Facts of the host that tell which release of Looking Glass is used. */
interface ReleaseFacts {
  readonly lookingGlassClient: Attempt<Reading<LookingGlassClient>>;
  readonly lookingGlass: Attempt<readonly SharedMemoryFile[]>;
}

/** The release that the host's client is of, else that of the application which wrote to the shared memory; null when nothing tells. */
export function releaseInUse({ lookingGlassClient, lookingGlass }: ReleaseFacts): { release: Release; evidence: Evidence } | null {
  const client = lookingGlassClient.ok && lookingGlassClient.value.state === 'ok' ? lookingGlassClient.value.value.version : null;
  if (client !== null && client.release !== null)
    return { release: client.release, evidence: { source: client.source, observed: client.text } };
  for (const { path, header } of lookingGlass.ok ? lookingGlass.value : []) {
    if (header.state !== 'ok') continue;
    const release = parseRelease(header.value.version ?? '') ?? releaseOfProtocol(header.value.lgmp);
    if (release !== null) return { release, evidence: { source: path, observed: header.value.version ?? releaseName(release) } };
  }
  return null;
}
