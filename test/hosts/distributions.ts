import type { MemoryHost } from '../../src/host/memory.ts';
import type { Kernel } from './system.ts';

/** What a distribution puts on a machine, and its kernel. */
export interface Distribution {
  readonly kernel: Kernel;
  readonly files: Readonly<Record<string, string>>;
  /** vfio-pci first, with these ids, the way that the distribution's manual describes; the initramfs was rebuilt. */
  readonly bindsEarly: (ids: string) => MemoryHost;
}

const VFIO_CONF = '/etc/modprobe.d/vfio.conf';

function listing(release: string): string {
  return `usr/lib/modules/${release}/kernel/drivers/vfio/pci/vfio-pci.ko.zst\netc/modprobe.d/vfio.conf\n`;
}

/** Arch Linux with systemd-boot and mkinitcpio, whose default hooks put the display drivers into the image. */
export const ARCH: Distribution = {
  kernel: {
    release: '6.11.5-arch1-1',
    commandLine: 'initrd=\\initramfs-linux.img root=UUID=0a1b rw quiet',
    config: null,
  },
  files: {
    '/etc/os-release': 'NAME="Arch Linux"\nPRETTY_NAME="Arch Linux"\nID=arch\n',
    '/etc/mkinitcpio.conf': 'MODULES=()\nHOOKS=(base udev autodetect microcode modconf kms keyboard keymap block filesystems fsck)\n',
    '/boot/loader/loader.conf': 'default arch.conf\n',
    '/boot/initramfs-linux.img': 'image',
    '/usr/lib/modules/6.11.5-arch1-1/pkgbase': 'linux\n',
    '/proc/self/mounts': '/dev/nvme0n1p1 /boot vfat rw 0 0\n',
  },
  bindsEarly: (ids) => ({
    files: {
      '/etc/mkinitcpio.conf':
        'MODULES=(vfio_pci vfio vfio_iommu_type1)\nHOOKS=(base udev autodetect microcode modconf kms block filesystems)\n',
      [VFIO_CONF]: `options vfio-pci ids=${ids}\n`,
    },
    commands: { 'lsinitcpio /boot/initramfs-linux.img': listing('6.11.5-arch1-1') },
  }),
};

/** Debian 12 with GRUB and initramfs-tools. */
export const DEBIAN_12: Distribution = {
  kernel: {
    release: '6.1.0-26-amd64',
    commandLine: 'BOOT_IMAGE=/boot/vmlinuz-6.1.0-26-amd64 root=UUID=0a1b ro quiet',
    config: 'CONFIG_INTEL_IOMMU=y\nCONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF=y\nCONFIG_AMD_IOMMU=y\n',
  },
  files: {
    '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
    '/usr/sbin/update-initramfs': '',
    '/etc/default/grub': '',
    '/boot/grub/grub.cfg': '',
    '/etc/initramfs-tools/modules': '# List of modules\n',
    '/boot/initrd.img-6.1.0-26-amd64': 'image',
  },
  bindsEarly: (ids) => ({
    files: { '/etc/initramfs-tools/modules': 'vfio_pci\nvfio\nvfio_iommu_type1\n', [VFIO_CONF]: `options vfio-pci ids=${ids}\n` },
    commands: { 'lsinitramfs /boot/initrd.img-6.1.0-26-amd64': listing('6.1.0-26-amd64') },
  }),
};

/** Proxmox VE 8; its manual blacklists the display drivers and loads vfio-pci from /etc/modules. */
export const PROXMOX_8: Distribution = {
  kernel: {
    release: '6.8.12-4-pve',
    commandLine: 'initrd=\\EFI\\proxmox\\6.8.12-4-pve\\initrd.img-6.8.12-4-pve root=ZFS=rpool/ROOT/pve-1 boot=zfs',
    config: 'CONFIG_AMD_IOMMU=y\n',
  },
  files: {
    '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
    '/usr/bin/pveversion': '',
    '/usr/sbin/update-initramfs': '',
    '/etc/kernel/proxmox-boot-uuids': '0A1B-2C3D\n',
    '/etc/initramfs-tools/modules': '# List of modules\n',
    '/boot/initrd.img-6.8.12-4-pve': 'image',
    '/etc/modprobe.d/pve-blacklist.conf': 'blacklist nvidiafb\n',
  },
  bindsEarly: (ids) => ({
    files: {
      '/etc/modules': 'vfio\nvfio_iommu_type1\nvfio_pci\n',
      [VFIO_CONF]: `options vfio-pci ids=${ids} disable_vga=1\n`,
      '/etc/modprobe.d/blacklist.conf': 'blacklist nouveau\nblacklist nvidia\nblacklist snd_hda_intel\n',
    },
    commands: { 'lsinitramfs /boot/initrd.img-6.8.12-4-pve': `usr/lib/modules/6.8.12-4-pve/kernel/fs/ext4/ext4.ko\n` },
  }),
};

/** Ubuntu 24.04 with NVIDIA's driver from the archive. */
export const UBUNTU_24: Distribution = {
  kernel: {
    release: '6.8.0-45-generic',
    commandLine: 'BOOT_IMAGE=/boot/vmlinuz-6.8.0-45-generic root=UUID=0a1b ro quiet splash',
    config: 'CONFIG_INTEL_IOMMU=y\nCONFIG_INTEL_IOMMU_DEFAULT_ON=y\n',
  },
  files: {
    '/etc/os-release': 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nID=ubuntu\nID_LIKE=debian\n',
    '/usr/sbin/update-initramfs': '',
    '/etc/default/grub': '',
    '/boot/grub/grub.cfg': '',
    '/etc/initramfs-tools/modules': '# List of modules\n',
    '/boot/initrd.img-6.8.0-45-generic': 'image',
  },
  bindsEarly: (ids) => ({
    files: { '/etc/initramfs-tools/modules': 'vfio_pci\n', [VFIO_CONF]: `options vfio-pci ids=${ids}\n` },
    commands: { 'lsinitramfs /boot/initrd.img-6.8.0-45-generic': listing('6.8.0-45-generic') },
  }),
};
