import type { DomainDocument } from './document.ts';
import { qemuOptions } from './qemu-devices.ts';
import { isOn, optionText, parseQemuOption, type QemuOption, qemuSizeBytes } from './qemu-option.ts';
import type { XmlElement } from './xml.ts';

/** A file that arguments for QEMU make memory of: `-object memory-backend-file,mem-path=/dev/kvmfr0,…`. */
export interface MemoryObject {
  /** The `<qemu:arg>` with its properties. */
  readonly element: XmlElement;
  readonly option: QemuOption;
  readonly id: string | null;
  readonly path: string;
  /** Bytes; null when it does not say, or no size. */
  readonly sizeBytes: number | null;
  /** Without it the guest writes into a copy of its own. */
  readonly isShared: boolean;
}

/** A device that shows such memory to the guest: `-device ivshmem-plain,memdev=…`. */
export interface IvshmemArgument {
  readonly element: XmlElement;
  readonly option: QemuOption;
  readonly id: string | null;
  /** The id of its {@link MemoryObject}. */
  readonly memdev: string | null;
}

type Root = Pick<DomainDocument, 'root'>;

/** The memory objects among the arguments for QEMU, in either syntax. https://looking-glass.io/docs/B7/ivshmem_kvmfr/ */
export function memoryObjects(document: Root): readonly MemoryObject[] {
  return qemuOptions(document, 'object').flatMap(({ element, value }) => {
    const option = parseQemuOption(value);
    const path = option === null ? null : optionText(option, 'mem-path');
    if (option?.kind !== 'memory-backend-file' || path === null) return [];
    const size = optionText(option, 'size');
    return [
      { element, option, id: optionText(option, 'id'), path, sizeBytes: qemuSizeBytes(size), isShared: isOn(option.values.get('share')) },
    ];
  });
}

/** The shared-memory devices among the arguments for QEMU, in either syntax. */
export function ivshmemArguments(document: Root): readonly IvshmemArgument[] {
  return qemuOptions(document, 'device').flatMap(({ element, value }) => {
    const option = parseQemuOption(value);
    if (option === null || !(option.kind ?? '').startsWith('ivshmem')) return [];
    return [{ element, option, id: optionText(option, 'id'), memdev: optionText(option, 'memdev') }];
  });
}

/** The number of a device of the kernel module kvmfr: 0 for `/dev/kvmfr0`; null for another path. */
export function kvmfrIndex(path: string): number | null {
  const digits = /^\/dev\/kvmfr(\d{1,2})$/.exec(path)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Is this memory that of Looking Glass: a kvmfr device, or named after it? */
export function isLookingGlassObject({ path, id }: Pick<MemoryObject, 'path' | 'id'>): boolean {
  return kvmfrIndex(path) !== null || /looking-?glass/i.test(`${path} ${id ?? ''}`);
}
