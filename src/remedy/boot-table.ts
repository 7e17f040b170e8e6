import type { BootLoader, Distribution } from '../facts/platform.ts';

/** Where kernel parameters live and how they are applied. */
export interface BootRow {
  readonly file: string;
  /** Where in the file: a variable, an option, a whole line. */
  readonly place: string;
  /** The line afterwards, with the words to add in place of `%`. */
  readonly line: string;
  /** Commands that make it count; none when the boot loader reads the file itself. */
  readonly apply: readonly string[];
  /** The distribution's or the boot loader's own manual. */
  readonly source: string;
}

/** A combination that does not exist, and why. */
export interface NoSuchCombination {
  readonly none: string;
}

const PVE = 'https://pve.proxmox.com/pve-docs/pve-admin-guide.html#sysboot_edit_kernel_cmdline';
const ARCH = 'https://wiki.archlinux.org/title/Kernel_parameters';
const SDBOOTUTIL = 'https://en.opensuse.org/Systemd-boot';

const grub = (apply: string, source: string): BootRow => ({
  file: '/etc/default/grub',
  place: 'GRUB_CMDLINE_LINUX_DEFAULT',
  line: 'GRUB_CMDLINE_LINUX_DEFAULT="… %"',
  apply: [apply],
  source,
});

const entryFile = (source: string): BootRow => ({
  file: '$ESP/loader/entries/*.conf',
  place: 'the line "options"',
  line: 'options … %',
  apply: [],
  source,
});

const commandLineFile = (apply: readonly string[], source: string): BootRow => ({
  file: '/etc/kernel/cmdline',
  place: 'its single line',
  line: '… %',
  apply,
  source,
});

const refind: BootRow = {
  file: '/boot/refind_linux.conf',
  place: 'the second quoted column',
  line: '"Boot with standard options" "… %"',
  apply: [],
  source: 'https://www.rodsbooks.com/refind/linux.html',
};

const limine: BootRow = {
  file: '/boot/limine.conf',
  place: 'the line "cmdline:" of the entry',
  line: 'cmdline: … %',
  apply: [],
  source: 'https://github.com/limine-bootloader/limine/blob/trunk/CONFIG.md',
};

const nixos: BootRow = {
  file: '/etc/nixos/configuration.nix',
  place: 'boot.kernelParams',
  line: 'boot.kernelParams = [ … % ];',
  apply: ['nixos-rebuild boot'],
  source: 'https://nixos.org/manual/nixos/stable/options#opt-boot.kernelParams',
};

const OSTREE = { none: 'rpm-ostree writes the boot entries; kernel parameters are changed with rpm-ostree kargs whatever the boot loader' };
const REGENERATE = 'kernel-install add "$(uname -r)" "/boot/vmlinuz-$(uname -r)"';
const KERNEL_INSTALL = 'https://www.freedesktop.org/software/systemd/man/latest/kernel-install.html';

/** Distribution × boot loader. A test asserts that every combination is here. */
export const BOOT_TABLE: Readonly<Record<Distribution, Readonly<Record<BootLoader, BootRow | NoSuchCombination>>>> = {
  arch: {
    grub: grub('grub-mkconfig -o /boot/grub/grub.cfg', ARCH),
    'systemd-boot': entryFile(ARCH),
    'kernel-install': commandLineFile(['kernel-install add-all'], 'https://wiki.archlinux.org/title/Kernel-install'),
    uki: commandLineFile(['mkinitcpio -P'], 'https://wiki.archlinux.org/title/Unified_kernel_image'),
    refind,
    limine: {
      file: '/etc/default/limine',
      place: 'KERNEL_CMDLINE[default] (without limine-mkinitcpio-hook: the line "cmdline:" of /boot/limine.conf)',
      line: 'KERNEL_CMDLINE[default]+=" %"',
      apply: ['limine-mkinitcpio'],
      source: 'https://wiki.archlinux.org/title/Limine',
    },
  },
  debian: {
    grub: grub('update-grub', 'https://wiki.debian.org/Grub'),
    'systemd-boot': entryFile('https://manpages.debian.org/bookworm/systemd-boot/systemd-boot.7.en.html'),
    'kernel-install': commandLineFile([REGENERATE], 'https://manpages.debian.org/bookworm/systemd/kernel-install.8.en.html'),
    uki: commandLineFile([REGENERATE], 'https://manpages.debian.org/trixie/systemd-ukify/ukify.1.en.html'),
    refind,
    limine,
  },
  ubuntu: {
    grub: grub('update-grub', 'https://wiki.ubuntu.com/Kernel/KernelBootParameters'),
    'systemd-boot': entryFile('https://manpages.ubuntu.com/manpages/noble/man7/systemd-boot.7.html'),
    'kernel-install': commandLineFile([REGENERATE], 'https://manpages.ubuntu.com/manpages/noble/man8/kernel-install.8.html'),
    uki: commandLineFile([REGENERATE], 'https://manpages.ubuntu.com/manpages/noble/man1/ukify.1.html'),
    refind,
    limine,
  },
  fedora: {
    grub: {
      file: '/etc/default/grub',
      place: 'GRUB_CMDLINE_LINUX, which grubby keeps with the boot entries',
      line: 'GRUB_CMDLINE_LINUX="… %"',
      apply: [],
      source: 'https://docs.fedoraproject.org/en-US/quick-docs/grub2-bootloader/',
    },
    'systemd-boot': entryFile('https://www.freedesktop.org/software/systemd/man/latest/systemd-boot.html'),
    'kernel-install': commandLineFile(['kernel-install add-all'], KERNEL_INSTALL),
    uki: commandLineFile(['kernel-install add-all'], 'https://www.freedesktop.org/software/systemd/man/latest/ukify.html'),
    refind,
    limine,
  },
  'fedora-atomic': { grub: OSTREE, 'systemd-boot': OSTREE, 'kernel-install': OSTREE, uki: OSTREE, refind: OSTREE, limine: OSTREE },
  opensuse: {
    grub: grub(
      'grub2-mkconfig -o /boot/grub2/grub.cfg',
      'https://doc.opensuse.org/documentation/leap/reference/html/book-reference/cha-grub2.html',
    ),
    'systemd-boot': commandLineFile(['sdbootutil update-all-entries'], SDBOOTUTIL),
    'kernel-install': commandLineFile(['sdbootutil update-all-entries'], SDBOOTUTIL),
    uki: { none: 'openSUSE ships no tool that builds unified kernel images with a command line of your own' },
    refind,
    limine,
  },
  nixos: {
    grub: nixos,
    'systemd-boot': nixos,
    'kernel-install': { none: 'NixOS writes its own boot entries' },
    uki: nixos,
    refind: nixos,
    limine: nixos,
  },
  proxmox: {
    grub: grub('update-grub', PVE),
    'systemd-boot': commandLineFile(['proxmox-boot-tool refresh'], PVE),
    'kernel-install': commandLineFile(['proxmox-boot-tool refresh'], PVE),
    uki: { none: 'Proxmox VE boots with GRUB or systemd-boot only' },
    refind: { none: 'Proxmox VE boots with GRUB or systemd-boot only' },
    limine: { none: 'Proxmox VE boots with GRUB or systemd-boot only' },
  },
};

/** A unified kernel image that dracut builds takes the words from dracut's own configuration. */
export const DRACUT_UKI: BootRow = {
  file: '/etc/dracut.conf.d/10-cmdline.conf',
  place: 'kernel_cmdline',
  line: 'kernel_cmdline+=" % "',
  apply: ['dracut --regenerate-all --force'],
  source: 'https://man7.org/linux/man-pages/man5/dracut.conf.5.html',
};
