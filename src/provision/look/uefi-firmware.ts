import type { ListedFirmware } from '../../facts/firmware-descriptors.ts';
import { ENROLLED_FEATURES, firmwareFiles, fitsQ35, hasFeatures, isComplete } from '../../facts/firmware-fit.ts';
import { ok, unreadable } from '../../host/reading.ts';
import type { HostLook } from '../host-look.ts';

/** What libvirt can choose for UEFI VMs. What is hidden from this user may be just what is missing. */
export function uefiFirmware({ descriptors, bad }: ListedFirmware): HostLook['firmware'] {
  const broken = bad.find(({ kind }) => kind === 'broken');
  if (broken !== undefined) return unreadable('failed', `libvirt chooses none while ${broken.path} is ${broken.detail}`);
  const fitting = descriptors.filter(fitsQ35);
  const usable = fitting.filter(isComplete);
  const found = { uefi: usable.length > 0, secureBoot: usable.some((one) => hasFeatures(one, ENROLLED_FEATURES)) };
  if (found.secureBoot) return ok(found);
  const hidden = bad.find(({ kind }) => kind === 'hidden');
  if (hidden !== undefined) return unreadable('denied', `${hidden.path}: ${hidden.detail}`);
  const closed = fitting.flatMap(firmwareFiles).find(({ file }) => file.state === 'unreadable');
  return closed?.file.state === 'unreadable' ? unreadable(closed.file.reason, `${closed.path}: ${closed.file.detail}`) : ok(found);
}
