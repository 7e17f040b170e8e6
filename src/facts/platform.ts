import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';

export type Distribution = 'arch' | 'debian' | 'ubuntu' | 'fedora' | 'fedora-atomic' | 'opensuse' | 'nixos' | 'proxmox';
export type BootLoader = 'grub' | 'systemd-boot' | 'kernel-install' | 'uki' | 'refind' | 'limine';
export type InitramfsTool = 'mkinitcpio' | 'dracut' | 'initramfs-tools';

/** What decides how a change is made permanent on this host. Null: could not be told; remedies then name the ways there are. */
export interface Platform {
  readonly distribution: Distribution | null;
  /** `ID` of os-release, which can be a derivative (`linuxmint`, `endeavouros`, `pop`). */
  readonly id: string | null;
  /** For people: `Debian GNU/Linux 12 (bookworm)`. */
  readonly name: string;
  readonly bootLoader: BootLoader | null;
  readonly initramfsTool: InitramfsTool | null;
  /** Where the EFI system partition is mounted; null on BIOS machines or when unknown. */
  readonly esp: string | null;
}

export const platform = defineFact({
  id: 'platform',
  collect(): Platform {
    throw new FactError({ source: '/etc/os-release', reason: 'not looked at yet' });
  },
});
