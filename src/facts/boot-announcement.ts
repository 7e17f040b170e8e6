import type { HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { valueOrNull } from './read.ts';

/** The boot loader interface: https://systemd.io/BOOT_LOADER_INTERFACE/ */
const LOADER_INFO = '/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';

/** What the boot loader that ran said of itself (`systemd-boot 257.9-1-arch`), and where; null when none did. */
export interface BootAnnouncement {
  readonly text: string | null;
  readonly source: string;
}

/** The boot loader of this boot, as it announced itself: what is installed beside it says nothing of what ran. */
export const bootAnnouncement = defineFact({
  id: 'bootAnnouncement',
  collect: (host): BootAnnouncement => ({ text: announcedLoader(host), source: 'LoaderInfo (EFI variable)' }),
});

/** An EFI variable of text: four bytes of attributes, then UTF-16. */
function announcedLoader(host: HostSource): string | null {
  const bytes = valueOrNull(host.read(LOADER_INFO, 4096));
  const text = bytes === null ? '' : new TextDecoder('utf-16le').decode(bytes.subarray(4)).replaceAll('\0', '').trim();
  return text === '' ? null : text;
}
