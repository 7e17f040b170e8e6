/**
 * Names of users and hosts that say nothing about a person and are everywhere in system text: replacing them would change
 * what is judged (`ID=debian`), keeping them tells nobody anything.
 */
const GENERIC_NAMES = new Set(
  `adm admin administrator alpine amd amdgpu arch archlinux atomic audio backup bazzite bin boot build builder cloud cloud-user
   console core daemon data debian default dell desktop dev developer dhcp disk display domain ec2-user eth0 etc fedora file games gaming
   gpu guest hdmi home homelab host hostname hp htpc http hypervisor i915 ide images info input intel iso kernel kvm lab laptop lenovo lib
   libvirt libvirt-qemu linux linuxbrew live local localdomain localhost log login lxd machine mail main manjaro media mem memory mint
   mnt net network nfs nixos nobody node none nouveau null nvidia nvme opensuse ops opt passcheck pc pci pi pop-os power proc proxmox
   pve pxe qemu radeon random render rocky root run sata sbin scsi server service session snd sound srv ssh ssl staff storage
   sudo suse swtpm sync sys system systemd temp test tester tmp tss tty ubuntu udev uefi unknown usb user users usr uucp vagrant var vfio vfio-pci vga
   video virt virtio vm vmhost vms win win10 win11 windows wheel workstation x11 xe zero zfs`.split(/\s+/),
);

export function isGenericName(name: string): boolean {
  return name.length < 2 || GENERIC_NAMES.has(name.toLowerCase()) || /^(?:user|nixbld|guixbuilder|host)\d*$/.test(name);
}

/** Identifiers that are the same on every machine: vendors of EFI variables (UEFI 3.3, systemd, shim), types of partitions. */
const WELL_KNOWN_UUIDS = new Set([
  '8be4df61-93ca-11d2-aa0d-00e098032b8c',
  'd719b2cb-3d3a-4596-a3bc-dad00e67656f',
  '4a67b082-0a4c-41cf-b6c7-440b29bb8c4f',
  '605dab50-e046-4300-abb6-3dd810dd8b23',
  'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
  '0fc63daf-8483-4772-8e79-3d69d8477de4',
  '4f68bce3-e8cd-4db1-96e7-fbcaf984b709',
  'bc13c2ff-59e6-4262-a352-b275fd6f7172',
  '933ac7e1-2eb4-4f13-b844-0e14e2aef915',
  '0657fd6d-a4ab-43c4-84e5-0933c84b4f4f',
  'e6d6d379-f507-44c2-a23c-238f2a3df928',
  'a19d880f-05fc-4d3b-a006-743f0f84911e',
  'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7',
  'e3c9e316-0b5c-4db8-817d-f92df00215ae',
]);

export function isWellKnownUuid(uuid: string): boolean {
  return WELL_KNOWN_UUIDS.has(uuid) || /^([0f])\1{7}-/.test(uuid) || uuid.startsWith('00000000-0000-4000-8000-');
}

/** What board makers write where a serial number should be. */
export function isPlaceholder(value: string): boolean {
  return (
    value.length < 4 ||
    /^(.)\1*$/.test(value) ||
    /^(?:not |no |none|n\/a|unknown|default|to be filled|system |base board|chassis|empty|undefined|invalid|o\.e\.m|oem|serial\d*$|0?123456789)/i.test(
      value,
    )
  );
}
