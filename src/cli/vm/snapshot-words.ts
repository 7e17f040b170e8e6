import type { Manifest } from '../../vm/snapshot/manifest.ts';

/** `2026-11-20 19:53 UTC` */
export function timeText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** What a snapshot has: `vda, UEFI settings and TPM state`. */
export function keptWords({ disks, nvram, tpm }: Manifest): string {
  const parts = [
    ...disks.map(({ target }) => target),
    ...(nvram === null || nvram.file === null ? [] : ['UEFI settings']),
    ...(tpm === null || tpm.tree === null ? [] : ['TPM state']),
  ];
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
