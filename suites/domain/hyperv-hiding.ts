import type { DomainDocument } from '../../src/domain/document.ts';
import { passedAddresses } from '../../src/domain/passed-addresses.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import type { PciDevice } from '../../src/facts/pci-devices.ts';

const AMD = '1002';

/** Who says when hiding a virtual machine from drivers helped. */
export const CODE_43_SOURCES = [
  'https://nvidia.custhelp.com/app/answers/detail/a_id/5173',
  'https://www.qemu.org/docs/master/system/i386/hyperv.html#existing-enlightenments',
  'https://github.com/mroboff/vm-curator/pull/74',
] as const;

/** For remedies that take hiding away. */
export const WHEN_HIDING_IS_NEEDED =
  'It is still needed with GeForce drivers older than 465, and is reported to be with some drivers of Radeon GPUs: keep it when the GPU shows Code 43 without it';

/** Why hiding from the guest is left alone: a GPU whose driver is reported to want it. Null when there is none, or nobody knows the GPU. */
export function mayNeedHiding(document: Pick<DomainDocument, 'root'>, devices: Attempt<readonly PciDevice[]>): string | null {
  if (!devices.ok) return null;
  const given = passedAddresses(document);
  const isRadeon = devices.value.some(
    ({ address, vendor, classCode }) => vendor === AMD && classCode.startsWith('03') && given.has(address),
  );
  return isRadeon ? 'left alone: some drivers of Radeon GPUs are reported to show Code 43 without it' : null;
}
