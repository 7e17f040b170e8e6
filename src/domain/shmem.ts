import type { DomainDocument } from './document.ts';
import { scaledBytes } from './scale.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

/** A `<shmem>`: memory that the guest shares with programs of the host, as a file of /dev/shm. */
export interface Shmem {
  readonly element: XmlElement;
  readonly name: string;
  /** As libvirt takes it: what is left out is the `ivshmem` that QEMU does not have any more. */
  readonly model: string;
  readonly modelElement: XmlElement | undefined;
  readonly sizeElement: XmlElement | undefined;
  /** Bytes; null when what is written is no size. */
  readonly sizeBytes: number | null;
}

/** QEMU's size where the definition names none. */
const DEFAULT_BYTES = 4 * 1024 * 1024;

/** The shared memories of a definition. https://libvirt.org/formatdomain.html#shared-memory-device */
export function shmems({ root }: Pick<DomainDocument, 'root'>): readonly Shmem[] {
  return all(root, 'devices', 'shmem').map((element) => {
    const sizeElement = first(element, 'size');
    const modelElement = first(element, 'model');
    return {
      element,
      name: attribute(element, 'name') ?? '',
      model: attribute(modelElement, 'type') ?? 'ivshmem',
      modelElement,
      sizeElement,
      sizeBytes: sizeOf(sizeElement),
    };
  });
}

/** Its unit is bytes, unlike that of memory; 0 is QEMU's default. */
function sizeOf(element: XmlElement | undefined): number | null {
  if (element === undefined) return DEFAULT_BYTES;
  const bytes = scaledBytes(element.text, attribute(element, 'unit'), 1);
  return bytes === 0 ? DEFAULT_BYTES : bytes;
}

/** Is it that of Looking Glass? Other programs share memory with guests, too. */
export function isForLookingGlass({ name }: Pick<Shmem, 'name'>): boolean {
  return /looking-?glass/i.test(name);
}
