import { groupedBy } from '../../grouped.ts';
import type { Reading } from '../../host/reading.ts';
import type { DesiredDomain } from '../desired.ts';
import type { LookedFile } from '../host-look.ts';
import type { PlannedObject } from './model.ts';
import { need, type Need, thingNeed } from './need.ts';
import type { PlanContext } from './request.ts';

/** An image that is none lets the installation fail after half an hour, with a message about partitions. */
export function mediaRequirements({ desired, look }: PlanContext): readonly Need[] {
  const uses = desired.domains.flatMap((domain) => domain.media.map((medium) => ({ medium, object: objectOf(domain) })));
  return [...groupedBy(uses, ({ medium }) => medium.path)].flatMap(([path, users]) => {
    const objects = users.map(({ object }) => object);
    const name = users[0]?.medium.name ?? '';
    const file = look.files.get(path) ?? { state: 'unreadable', reason: 'failed', detail: 'not asked' };
    if (file.state === 'unreadable') return [need('unseen', { objects, message: `could not look at ${path} (${file.detail})` })];
    const wrong = wrongImage(file);
    return wrong === null ? [] : [need('missing', { objects, message: `medium ${name}: ${path} ${wrong.message}`, fix: wrong.fix })];
  });
}

function wrongImage(
  file: Exclude<Reading<LookedFile>, { state: 'unreadable' }>,
): { readonly message: string; readonly fix: string } | null {
  if (file.state === 'absent') return { message: 'is not there', fix: 'Put the image there, or name its place under media in the spec' };
  const { kind, image, bytes } = file.value;
  if (kind !== 'file')
    return { message: `is ${kind === 'directory' ? 'a folder' : 'no ordinary file'}`, fix: 'Name an image under media in the spec' };
  if (bytes === 0) return { message: 'is empty', fix: 'Download it again' };
  switch (image) {
    case 'page':
      return { message: 'is an HTML page that a download link led to, no image', fix: 'Download the image itself' };
    case 'truncated':
      return { message: `is shorter (${bytes} bytes) than the image in it says: the download was cut off`, fix: 'Download it again' };
    case 'other':
      return { message: 'is no CD or DVD image (neither ISO 9660 nor UDF)', fix: 'Name an .iso file under media in the spec' };
    case 'iso':
    case null:
      return null;
  }
}

export function tpmRequirements({ desired, look }: PlanContext): readonly Need[] {
  return thingNeed(look.swtpm, 'swtpm', {
    objects: desired.domains.filter(({ spec }) => spec.tpm).map(objectOf),
    message: 'swtpm is not installed, which emulates the TPM of a VM',
    fix: 'Install it (apt install swtpm swtpm-tools, dnf install swtpm swtpm-tools, pacman -S swtpm), or set tpm: false',
  });
}

const INSTALL_OVMF = 'Install it: apt install ovmf, or dnf install edk2-ovmf, or pacman -S edk2-ovmf';

export function firmwareRequirements({ desired, look }: PlanContext): readonly Need[] {
  const uefi = desired.domains.filter(({ spec }) => spec.firmware === 'uefi');
  const secure = uefi.filter(({ spec }) => spec.secureBoot).map(objectOf);
  const none = { objects: uefi.map(objectOf), message: 'there is no UEFI firmware for VMs (OVMF)', fix: INSTALL_OVMF };
  const { firmware } = look;
  if (firmware.state !== 'ok') return thingNeed(firmware, 'UEFI firmware', none);
  if (!firmware.value.uefi) return uefi.length === 0 ? [] : [need('missing', none)];
  if (firmware.value.secureBoot || secure.length === 0) return [];
  const message = 'the UEFI firmware here has no Secure Boot with keys enrolled';
  return [need('missing', { objects: secure, message, fix: `${INSTALL_OVMF}; or set secureBoot: false` })];
}

/** libvirt checks at the start, when other VMs may have them. */
export function pageRequirements({ desired }: PlanContext): readonly Need[] {
  const objects = desired.domains.filter(({ spec }) => spec.hugepages !== false).map(objectOf);
  if (objects.length === 0) return [];
  return [need('advice', { objects, message: 'starts only when enough hugepages are free', fix: 'Look first: passcheck preflight' })];
}

function objectOf({ name }: DesiredDomain): PlannedObject {
  return { kind: 'domain', name };
}
