/** What the name of a firmware file tells of it, as distributions name them. Null: the name does not tell. */
export interface FirmwareBuild {
  readonly part: 'code' | 'vars' | null;
  /** Flash of 4 MiB; builds of 2 MiB bear no mark, except where they stand beside others. */
  readonly size: '2M' | '4M' | null;
  /** It can do Secure Boot, and needs System Management Mode for it. */
  readonly needsSmm: boolean;
  /** It can do Secure Boot. */
  readonly hasSecureBoot: boolean;
  readonly format: 'qcow2' | 'raw' | null;
}

/**
 * Reads `OVMF_CODE_4M.secboot.fd` (Debian, Ubuntu, Proxmox), `OVMF_CODE_4M.secboot.qcow2` (Fedora), `OVMF_CODE.secboot.4m.fd`
 * (Arch), `ovmf-x86_64-smm-ms-code.bin` (openSUSE) and `edk2-x86_64-secure-code.fd` (QEMU, NixOS).
 */
export function firmwareBuild(path: string): FirmwareBuild {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const has = (mark: string): boolean => name.split(/[._-]/).includes(mark);
  // The builds of openSUSE with Microsoft's keys come with and without SMM; those of others always need it.
  const isOpenSuse = name.startsWith('ovmf-x86_64-');
  const isSecure = has('secboot') || has('secure') || has('snakeoil') || has('ms');
  return {
    part: partOf(has),
    size: sizeOf(has),
    needsSmm: has('smm') || (isSecure && !isOpenSuse),
    hasSecureBoot: isSecure || has('smm'),
    format: formatOf(name),
  };
}

/** Is it a build for virtual machines that a distribution brings, and not a copy that somebody made? */
export function isPackagedFirmware(path: string): boolean {
  return /^\/(?:usr\/share|nix\/store|run\/libvirt\/nix-ovmf|run\/current-system)\//.test(path);
}

function partOf(has: (mark: string) => boolean): FirmwareBuild['part'] {
  if (has('code')) return 'code';
  return has('vars') ? 'vars' : null;
}

function sizeOf(has: (mark: string) => boolean): FirmwareBuild['size'] {
  if (has('4m')) return '4M';
  return has('2m') ? '2M' : null;
}

function formatOf(name: string): FirmwareBuild['format'] {
  if (name.endsWith('.qcow2')) return 'qcow2';
  return /\.(?:fd|bin|raw)$/.test(name) ? 'raw' : null;
}
