import * as device from './devices.ts';
import {
  byHand,
  chosen,
  features,
  HIDDEN,
  HOST_CPU,
  hostCpu,
  HYPERV,
  NO_VMPORT,
  pinned,
  QEMU_SPACE,
  SMM,
  WINDOWS_CLOCK,
  written,
} from './parts.ts';

// Windows guests as their owners have them. Synthetic: modelled on what virt-manager writes and on public guides.

const WIN10 = 'http://microsoft.com/win/10';
const WIN11 = 'http://microsoft.com/win/11';
const clock = WINDOWS_CLOCK;

const FEDORA = {
  secure: true,
  code: '/usr/share/edk2/ovmf/OVMF_CODE_4M.secboot.qcow2',
  vars: '/usr/share/edk2/ovmf/OVMF_VARS_4M.secboot.qcow2',
  nvram: '/var/lib/libvirt/qemu/nvram/win11_VARS.qcow2',
};
const DEBIAN = {
  secure: true,
  code: '/usr/share/OVMF/OVMF_CODE_4M.ms.fd',
  vars: '/usr/share/OVMF/OVMF_VARS_4M.ms.fd',
  nvram: '/var/lib/libvirt/qemu/nvram/win11_VARS.fd',
};

const win11 = {
  name: 'win11',
  os: WIN11,
  vcpu: "<vcpu placement='static'>8</vcpu>",
  boot: chosen('pc-q35-8.2', DEBIAN),
  features: features(HYPERV.plain, NO_VMPORT, SMM),
  cpu: HOST_CPU,
  clock,
};
const desktop = [device.INPUTS, device.TPM, device.SPICE, device.video('qxl'), device.REDIRECTION, device.WATCHDOG];
const base = [device.CONTROLLERS, device.nic('e1000e', 1), device.CONSOLE, device.SPICE_CHANNEL];

/** As virt-manager defines it for the installation. */
export const installing = written({
  ...win11,
  devices: [
    device.SATA_DISK.replace("order='1'", "order='2'"),
    device.cd('/var/lib/libvirt/images/Win11_24H2_English_x64.iso', 1, 1),
    device.cd('/var/lib/libvirt/images/virtio-win-0.1.266.iso', 2),
    ...base,
    ...desktop,
    device.BALLOON,
  ],
});

export const installed = written({ ...win11, devices: [device.SATA_DISK, device.EMPTY_CD, ...base, ...desktop, device.BALLOON] });

/** The card was added in virt-manager, and the picture of the guest was kept until its driver is there. */
export const withCard = written({
  ...win11,
  cpu: hostCpu(4),
  devices: [device.SATA_DISK, device.EMPTY_CD, ...base, ...desktop, device.CARD, device.BALLOON],
});

/** virt-manager 5 on Fedora 41: its firmware is a qcow2 file, and it knows more of Hyper-V. */
export const fedora = written({
  ...win11,
  boot: chosen('pc-q35-9.1', FEDORA)
    .replace("type='pflash'>", "type='pflash' format='qcow2'>")
    .replace('<nvram template', "<nvram format='qcow2' templateFormat='qcow2' template"),
  features: features(HYPERV.full, NO_VMPORT, SMM),
  cpu: hostCpu(4),
  devices: [device.SATA_DISK, ...base, ...desktop, device.CARD, device.NO_BALLOON],
});

/** Only the choice of a firmware, as `virt-install --print-xml` gives it before libvirt has seen it. */
export const printed = written({
  ...win11,
  boot: chosen('q35', {}),
  devices: [device.virtioDisk('/var/lib/libvirt/images/win11.qcow2'), device.TPM, device.video('virtio'), "<graphics type='spice'/>"],
});

/** As the wiki of Arch shows it: OVMF by its path, the card hidden from nobody, a passed drive. */
export const archWiki = written({
  name: 'win10',
  os: WIN10,
  vcpu: pinned([2, 14, 3, 15, 4, 16, 5, 17], '0,12', "\n    <iothreadpin iothread='1' cpuset='0,12'/>").replace(
    '\n  <cputune>',
    '\n  <iothreads>1</iothreads>\n  <cputune>',
  ),
  boot: byHand('pc-q35-9.0', '/usr/share/edk2/x64/OVMF_CODE.4m.fd', '/var/lib/libvirt/qemu/nvram/win10_VARS.fd', ''),
  features: features(HYPERV.hidden, HIDDEN, NO_VMPORT, "<ioapic driver='kvm'/>"),
  cpu: hostCpu(4, 2, "\n    <cache mode='passthrough'/>\n    <feature policy='require' name='topoext'/>"),
  clock,
  devices: [device.RAW_DISK, device.CONTROLLERS, device.nic('virtio', 1), device.EVDEV, device.CARD_TOGETHER, device.NO_BALLOON],
});

const LOOKING_GLASS = `<shmem name='looking-glass'>
      <model type='ivshmem-plain'/>
      <size unit='M'>64</size>
    </shmem>`;
const glassInputs = "<input type='mouse' bus='virtio'/>\n    <input type='keyboard' bus='virtio'/>";
const glass = [
  device.virtioDisk('/var/lib/libvirt/images/win11.qcow2', 8),
  device.CONTROLLERS,
  device.nic('virtio', 1),
  device.SPICE_CHANNEL,
  glassInputs,
  device.TPM,
  device.SPICE,
  device.video('none'),
  device.CARD_TOGETHER,
  device.NO_BALLOON,
];

/** Looking Glass B7 with a file in /dev/shm. */
export const lookingGlass = written({
  ...win11,
  features: features(HYPERV.full, NO_VMPORT, SMM),
  cpu: hostCpu(4),
  devices: [...glass, LOOKING_GLASS],
});

/** Looking Glass with the memory of the kvmfr module. */
export const kvmfr = written({
  ...win11,
  spaces: QEMU_SPACE,
  features: features(HYPERV.full, NO_VMPORT, SMM),
  cpu: hostCpu(4),
  devices: glass,
  end: `<qemu:commandline>
    <qemu:arg value='-device'/>
    <qemu:arg value='{"driver":"ivshmem-plain","id":"shmem0","memdev":"looking-glass"}'/>
    <qemu:arg value='-object'/>
    <qemu:arg value='{"qom-type":"memory-backend-file","id":"looking-glass","mem-path":"/dev/kvmfr0","size":67108864,"share":true}'/>
  </qemu:commandline>`,
});

/** One card only: hooks take it from the desktop, and its ROM was dumped and patched. */
export const singleCard = written({
  ...win11,
  features: features(HYPERV.hidden, HIDDEN, NO_VMPORT, SMM),
  cpu: hostCpu(4, 2, "\n    <feature policy='require' name='topoext'/>"),
  devices: [
    device.virtioDisk('/var/lib/libvirt/images/win11.qcow2', 8),
    device.CONTROLLERS,
    device.nic('virtio', 1),
    device.INPUTS,
    device.TPM,
    device.given('0000:01:00.0', 6, { isFirst: true, inside: "<rom file='/var/lib/libvirt/vbios/patched.rom'/>" }),
    device.given('0000:01:00.1', 6, { function: 1, inside: "<rom file='/var/lib/libvirt/vbios/patched.rom'/>" }),
    "<hostdev mode='subsystem' type='usb' managed='yes'>\n      <source>\n        <vendor id='0x046d'/>\n        <product id='0xc539'/>\n      </source>\n    </hostdev>",
    device.NO_BALLOON,
  ],
});

/** A notebook with Optimus: the driver of NVIDIA wants a battery and the subsystem's ID of the notebook. */
export const optimus = written({
  ...win11,
  spaces: QEMU_SPACE,
  features: features(HYPERV.hidden, HIDDEN, NO_VMPORT, SMM),
  cpu: hostCpu(3),
  vcpu: "<vcpu placement='static'>6</vcpu>",
  devices: [
    device.virtioDisk('/var/lib/libvirt/images/win11.qcow2', 8),
    device.CONTROLLERS,
    device.nic('virtio', 1),
    device.INPUTS,
    device.TPM,
    device.SPICE,
    device.video('virtio'),
    device.given('0000:01:00.0', 6, {
      inside: "<rom bar='on' file='/var/lib/libvirt/vbios/gtx1660ti.rom'/>\n      <alias name='ua-card'/>",
    }),
    device.NO_BALLOON,
  ],
  end: `<qemu:commandline>
    <qemu:arg value='-acpitable'/>
    <qemu:arg value='file=/var/lib/libvirt/acpi/SSDT1.dat'/>
  </qemu:commandline>
  <qemu:override>
    <qemu:device alias='ua-card'>
      <qemu:frontend>
        <qemu:property name='x-pci-sub-vendor-id' type='unsigned' value='4163'/>
        <qemu:property name='x-pci-sub-device-id' type='unsigned' value='4473'/>
      </qemu:frontend>
    </qemu:device>
  </qemu:override>`,
});
