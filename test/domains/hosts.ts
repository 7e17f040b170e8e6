import * as device from './devices.ts';
import { byHand, chosen, features, hostCpu, HYPERV, NO_VMPORT, pinned, QEMU_SPACE, SMM, WINDOWS_CLOCK, written } from './parts.ts';

// Windows and macOS guests of many kinds of hosts. Synthetic: modelled on what the tools of these systems write, and on public guides.

const WIN10 = 'http://microsoft.com/win/10';
const WIN11 = 'http://microsoft.com/win/11';
const GIB_PAGES =
  "<memoryBacking>\n    <hugepages>\n      <page size='1048576' unit='KiB'/>\n    </hugepages>\n    <nosharepages/>\n  </memoryBacking>";
const windows = {
  name: 'win11',
  os: WIN11,
  vcpu: "<vcpu placement='static'>8</vcpu>",
  boot: chosen('pc-q35-8.2', {
    secure: true,
    code: '/run/libvirt/nix-ovmf/OVMF_CODE.ms.fd',
    vars: '/run/libvirt/nix-ovmf/OVMF_VARS.ms.fd',
    nvram: '/var/lib/libvirt/qemu/nvram/win11_VARS.fd',
  }),
  features: features(HYPERV.full, NO_VMPORT, SMM),
  cpu: hostCpu(4),
  clock: WINDOWS_CLOCK,
};
const windowsDevices = [
  device.CONTROLLERS,
  device.virtioDisk('/var/lib/libvirt/images/win11.qcow2', 8),
  device.nic('virtio', 1),
  device.INPUTS,
  device.TPM,
  device.NO_BALLOON,
];
const windowsWithCard = [...windowsDevices, device.CARD_TOGETHER];

/** NixOS: nothing lies under /usr. */
export const nixos = written({ ...windows, emulator: '/run/libvirt/nix-emulators/qemu-system-x86_64', devices: windowsWithCard });

/** openSUSE with its own names of OVMF. */
export const openSuse = written({
  ...windows,
  boot: `<os>
    <type arch='x86_64' machine='pc-q35-8.2'>hvm</type>
    <loader readonly='yes' secure='yes' type='pflash'>/usr/share/qemu/ovmf-x86_64-smm-ms-code.bin</loader>
    <nvram template='/usr/share/qemu/ovmf-x86_64-smm-ms-vars.bin'>/var/lib/libvirt/qemu/nvram/win11_VARS.fd</nvram>
  </os>`,
  devices: windowsWithCard,
});

/** Unraid's form. */
export const unraid = `<?xml version='1.0' encoding='UTF-8'?>
${written({
  ...windows,
  name: 'Windows 11',
  os: null,
  vcpu: pinned([4, 12, 5, 13, 6, 14, 7, 15], '0,8').replace('<vcpu', '<memoryBacking>\n    <nosharepages/>\n  </memoryBacking>\n  <vcpu'),
  boot: byHand(
    'pc-q35-7.2',
    '/usr/share/qemu/ovmf-x64/OVMF_CODE-pure-efi-tpm.fd',
    '/etc/libvirt/qemu/nvram/0c8e1b52_VARS-pure-efi-tpm.fd',
    '',
  ),
  features: features(
    "<hyperv mode='custom'>\n      <relaxed state='on'/>\n      <vapic state='on'/>\n      <spinlocks state='on' retries='8191'/>\n      <vendor_id state='on' value='none'/>\n    </hyperv>",
  ),
  cpu: hostCpu(4, 2, "\n    <cache mode='passthrough'/>\n    <feature policy='require' name='topoext'/>"),
  emulator: '/usr/local/sbin/qemu',
  devices: [
    device.CONTROLLERS,
    `<disk type='file' device='disk'>
      <driver name='qemu' type='raw' cache='writeback'/>
      <source file='/mnt/user/domains/Windows 11/vdisk1.img'/>
      <target dev='hdc' bus='virtio'/>
      <boot order='1'/>
    </disk>`,
    "<interface type='bridge'>\n      <mac address='52:54:00:1f:00:0b'/>\n      <source bridge='br0'/>\n      <model type='virtio-net'/>\n    </interface>",
    device.CONSOLE,
    device.AGENT,
    device.INPUTS,
    device.TPM.replace("tpm-crb'", "tpm-tis'").replace("version='2.0'", "version='2.0' persistent_state='yes'"),
    device.CARD_TOGETHER,
    device.NO_BALLOON,
  ],
}).replace(
  '<uuid>',
  '<metadata>\n    <vmtemplate xmlns="unraid" name="Windows 11" icon="windows11.png" os="windowstpm"/>\n  </metadata>\n  <uuid>',
)}`;

/** A Radeon that vendor-reset resets: all four functions on one slot. */
export const radeon = written({
  ...windows,
  devices: [
    ...windowsDevices,
    device.given('0000:0c:00.0', 6, { isFirst: true, inside: "<rom file='/usr/share/vgabios/navi21.rom'/>" }),
    device.given('0000:0c:00.1', 6, { function: 1 }),
    device.given('0000:0c:00.2', 6, { function: 2 }),
    device.given('0000:0c:00.3', 6, { function: 3 }),
  ],
});

/** The graphics of an Intel processor, as i440fx guests got it (legacy mode). */
export const intelLegacy = written({
  ...windows,
  name: 'win10',
  os: WIN10,
  boot: "<os>\n    <type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type>\n    <boot dev='hd'/>\n  </os>",
  features: features(HYPERV.full, NO_VMPORT),
  devices: [
    "<controller type='pci' index='0' model='pci-root'/>\n    <controller type='usb' index='0' model='qemu-xhci'/>",
    device.virtioDisk('/var/lib/libvirt/images/win10.qcow2').replace("\n      <boot order='1'/>", ''),
    device.nic('virtio'),
    "<input type='tablet' bus='usb'/>",
    device.video('none'),
    `<hostdev mode='subsystem' type='pci' managed='yes'>
      <source>
        <address domain='0x0000' bus='0x00' slot='0x02' function='0x0'/>
      </source>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x02' function='0x0'/>
    </hostdev>`,
    device.NO_BALLOON,
  ],
});

/** A slice of an Intel GPU, shown by SPICE. */
export const gvtg = written({
  ...windows,
  devices: [
    ...windowsDevices,
    device.SPICE_CHANNEL,
    "<graphics type='spice'>\n      <listen type='none'/>\n      <gl enable='yes' rendernode='/dev/dri/by-path/pci-0000:00:02.0-render'/>\n    </graphics>",
    device.video('none'),
    device.mediated('4b20d080-1b54-4048-85b3-a6a62d165c01', " display='on' ramfb='on'"),
  ],
});

/** A slice of an NVIDIA GPU, shown over the network by the guest itself. */
export const vgpu = written({
  ...windows,
  devices: [...windowsDevices, device.video('none'), device.mediated('aa618089-8b16-4d01-a136-25a0f3c73123', " display='off'")],
});

/** macOS as OSX-KVM shows it. */
export const macOs = written({
  name: 'macOS',
  os: null,
  spaces: QEMU_SPACE,
  vcpu: "<vcpu placement='static'>8</vcpu>",
  boot: byHand('pc-q35-4.2', '/home/user/OSX-KVM/OVMF_CODE.fd', '/home/user/OSX-KVM/OVMF_VARS-1024x768.fd', ''),
  features: features(),
  cpu: hostCpu(4, 2),
  devices: [
    device.CONTROLLERS,
    "<disk type='file' device='disk'>\n      <driver name='qemu' type='qcow2' cache='writeback' io='threads'/>\n      <source file='/home/user/OSX-KVM/OpenCore/OpenCore.qcow2'/>\n      <target dev='sda' bus='sata'/>\n      <boot order='1'/>\n    </disk>",
    "<disk type='file' device='disk'>\n      <driver name='qemu' type='qcow2' cache='writeback' io='threads'/>\n      <source file='/home/user/OSX-KVM/mac_hdd_ng.img'/>\n      <target dev='sdb' bus='sata'/>\n    </disk>",
    device.nic('vmxnet3', 1),
    "<input type='tablet' bus='usb'/>\n    <input type='keyboard' bus='usb'/>",
    device.CARD_TOGETHER,
    device.NO_BALLOON,
  ],
  end: `<qemu:commandline>
    <qemu:arg value='-device'/>
    <qemu:arg value='isa-applesmc,osk=ourhardworkbythesewordsguardedpleasedontsteal(c)AppleComputerInc'/>
    <qemu:arg value='-smbios'/>
    <qemu:arg value='type=2'/>
    <qemu:arg value='-global'/>
    <qemu:arg value='ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off'/>
    <qemu:arg value='-cpu'/>
    <qemu:arg value='host,kvm=on,vendor=GenuineIntel,+kvm_pv_unhalt,+kvm_pv_eoi,+hypervisor,+invtsc'/>
  </qemu:commandline>`,
});

/** Windows Server with a card for remote work. */
export const windowsServer = written({
  ...windows,
  name: 'ws2022',
  os: 'http://microsoft.com/win/2k22',
  boot: chosen('pc-q35-8.2', { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', nvram: '/var/lib/libvirt/qemu/nvram/ws2022_VARS.fd' }),
  features: features(HYPERV.plain, NO_VMPORT),
  devices: [...windowsWithCard.filter((one) => one !== device.TPM), device.AGENT, "<graphics type='vnc' port='-1'/>", device.video('vga')],
});

/** A whole NVMe drive and a USB controller beside the card. */
export const wholeDevices = written({
  ...windows,
  devices: [
    ...windowsWithCard.map((one) => one.replace("\n      <boot order='1'/>", '')),
    device.given('0000:04:00.0', 9, { inside: "<boot order='1'/>" }),
    device.given('0000:0e:00.3', 10),
  ],
});

const nodePins = [8, 24, 9, 25, 10, 26, 11, 27];

/** Two sockets: pages of 1 GiB of the node of the card. */
export const numa = written({
  ...windows,
  vcpu: `${GIB_PAGES}\n  ${pinned(nodePins, '12,28')}\n  <numatune>\n    <memory mode='strict' nodeset='1'/>\n  </numatune>`,
  devices: windowsWithCard,
});

/** CPUs that the host leaves alone, and vCPUs that nothing interrupts. */
export const realTime = written({
  ...windows,
  vcpu: pinned([2, 10, 3, 11, 4, 12, 5, 13], '0-1,8-9', "\n    <vcpusched vcpus='0-7' scheduler='fifo' priority='1'/>"),
  devices: windowsWithCard,
});

/** Only the performance cores of a hybrid processor. */
export const hybrid = written({
  ...windows,
  vcpu: pinned([4, 5, 6, 7, 8, 9, 10, 11], '16-19'),
  cpu: hostCpu(4, 2, "\n    <maxphysaddr mode='passthrough'/>"),
  devices: windowsWithCard,
});

/** Several monitors by SPICE, without any passed device. */
export const monitors = written({
  ...windows,
  devices: [
    ...windowsDevices.filter((one) => one !== device.NO_BALLOON),
    device.SPICE_CHANNEL,
    device.SPICE,
    device.video('qxl').replace("heads='1'", "ram='65536' vram='65536' vgamem='16384' heads='1'"),
    "<video>\n      <model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1'/>\n      <address type='pci' domain='0x0000' bus='0x0b' slot='0x01' function='0x0'/>\n    </video>",
    device.BALLOON,
  ].map((one) => one.replace(/\n {6}<address type='pci' domain='0x0000' bus='0x0b'[^>]*>/, '')),
});
