import type { Distribution, InitramfsTool } from '../facts/platform.ts';
import type { NoSuchCombination } from './boot-table.ts';

/** How modules get into the initramfs before the display drivers, and how it is rebuilt. */
export interface InitramfsRow {
  readonly file: string;
  /** The line afterwards, with the modules in place of `%`; the tool's own quoting around it. */
  readonly line: string;
  /** Where the modules go, when they join others in a list that is there: the line cannot be told without it. */
  readonly place?: string;
  /** One module a line instead of one line for all. */
  readonly onePerLine?: boolean;
  readonly rebuild: string;
  readonly source: string;
}

const dracut = (rebuild: string, source: string): InitramfsRow => ({
  file: '/etc/dracut.conf.d/10-vfio.conf',
  line: 'force_drivers+=" % "',
  rebuild,
  source,
});

const initramfsTools = (source: string): InitramfsRow => ({
  file: '/etc/initramfs-tools/modules',
  line: '%',
  onePerLine: true,
  rebuild: 'update-initramfs -u -k all',
  source,
});

const DRACUT = 'https://man7.org/linux/man-pages/man5/dracut.conf.5.html';
const NOT_PACKAGED = (tool: string): NoSuchCombination => ({ none: `${tool} is not packaged for it` });
const OWN = { none: 'NixOS builds its initramfs itself: boot.initrd.kernelModules' };
const OSTREE = { none: 'the initramfs is built on the server; rpm-ostree initramfs --enable rebuilds it here with dracut arguments' };

/** Distribution × initramfs tool. A test asserts that every combination is here. */
export const INITRAMFS_TABLE: Readonly<Record<Distribution, Readonly<Record<InitramfsTool, InitramfsRow | NoSuchCombination>>>> = {
  arch: {
    mkinitcpio: {
      file: '/etc/mkinitcpio.conf',
      line: 'MODULES=(% …)',
      place: 'MODULES=( )',
      rebuild: 'mkinitcpio -P',
      source: 'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF',
    },
    dracut: dracut('dracut --regenerate-all --force', 'https://wiki.archlinux.org/title/Dracut'),
    'initramfs-tools': NOT_PACKAGED('initramfs-tools'),
  },
  debian: {
    mkinitcpio: NOT_PACKAGED('mkinitcpio'),
    dracut: dracut('dracut --regenerate-all --force', DRACUT),
    'initramfs-tools': initramfsTools('https://manpages.debian.org/bookworm/initramfs-tools-core/initramfs-tools.7.en.html'),
  },
  ubuntu: {
    mkinitcpio: NOT_PACKAGED('mkinitcpio'),
    dracut: dracut('dracut --regenerate-all --force', DRACUT),
    'initramfs-tools': initramfsTools('https://manpages.ubuntu.com/manpages/noble/man7/initramfs-tools.7.html'),
  },
  fedora: {
    mkinitcpio: NOT_PACKAGED('mkinitcpio'),
    dracut: dracut('dracut --regenerate-all --force', DRACUT),
    'initramfs-tools': NOT_PACKAGED('initramfs-tools'),
  },
  'fedora-atomic': { mkinitcpio: OSTREE, dracut: OSTREE, 'initramfs-tools': OSTREE },
  opensuse: {
    mkinitcpio: NOT_PACKAGED('mkinitcpio'),
    dracut: dracut(
      'dracut --regenerate-all --force',
      'https://doc.opensuse.org/documentation/leap/virtualization/html/book-virtualization/app-gpu-passthru.html',
    ),
    'initramfs-tools': NOT_PACKAGED('initramfs-tools'),
  },
  nixos: { mkinitcpio: OWN, dracut: OWN, 'initramfs-tools': OWN },
  proxmox: {
    mkinitcpio: NOT_PACKAGED('mkinitcpio'),
    dracut: NOT_PACKAGED('dracut'),
    'initramfs-tools': initramfsTools('https://pve.proxmox.com/pve-docs/pve-admin-guide.html#qm_pci_passthrough'),
  },
};
