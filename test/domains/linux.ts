import * as device from './devices.ts';
import { chosen, features, HIDDEN, HOST_CPU, NO_VMPORT, UTC, written } from './parts.ts';

// Linux guests. Synthetic: modelled on what the tools of these systems write, and on public guides.

const UBUNTU = 'http://ubuntu.com/ubuntu/24.04';
const SHARED = "<memoryBacking>\n    <source type='memfd'/>\n    <access mode='shared'/>\n  </memoryBacking>";

const linux = {
  os: UBUNTU,
  vcpu: "<vcpu placement='static'>8</vcpu>",
  boot: chosen('pc-q35-noble', {
    code: '/usr/share/OVMF/OVMF_CODE_4M.fd',
    vars: '/usr/share/OVMF/OVMF_VARS_4M.fd',
    nvram: '/var/lib/libvirt/qemu/nvram/ci_VARS.fd',
  }),
  features: features(NO_VMPORT),
  cpu: HOST_CPU,
};
const server = [
  device.CONTROLLERS,
  device.virtioDisk('/var/lib/libvirt/images/ci.qcow2', 8),
  device.nic('virtio', 1),
  device.CONSOLE,
  device.AGENT,
  device.RNG,
];

/** A runner for CI with a GPU, without any display. */
export const ciRunner = written({ ...linux, name: 'ci-gpu', devices: [...server, device.CARD, device.NO_BALLOON] });

/** The ballooning that virt-manager adds is left in. */
export const linuxDesktop = written({
  ...linux,
  name: 'ubuntu24.04',
  devices: [...server, device.INPUTS, device.SPICE_CHANNEL, device.SPICE, device.video('virtio'), device.CARD, device.BALLOON],
});

/** Without any passed device: most definitions of the world. */
export const linuxPlain = written({
  ...linux,
  name: 'ubuntu-plain',
  devices: [...server, device.INPUTS, device.SPICE_CHANNEL, device.SPICE, device.video('virtio'), device.BALLOON],
});

/** A home folder by virtiofs. */
export const virtiofs = written({
  ...linux,
  name: 'dev',
  vcpu: `${SHARED}\n  <vcpu placement='static'>8</vcpu>`,
  devices: [
    ...server,
    "<filesystem type='mount' accessmode='passthrough'>\n      <driver type='virtiofs' queue='1024'/>\n      <source dir='/home/dev/src'/>\n      <target dir='src'/>\n    </filesystem>",
    device.CARD,
    device.NO_BALLOON,
  ],
});

/** A function of a network card, which libvirt makes ready. */
export const virtualFunction = written({
  ...linux,
  name: 'router',
  devices: [
    ...server,
    `<interface type='hostdev' managed='yes'>
      <mac address='52:54:00:6d:90:02'/>
      <driver name='vfio'/>
      <source>
        <address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x2'/>
      </source>
      <vlan>
        <tag id='42'/>
      </vlan>
    </interface>`,
    device.NO_BALLOON,
  ],
});

/** A domain of a user's own libvirt. */
export const session = written({
  ...linux,
  name: 'session',
  boot: chosen('pc-q35-9.1', { code: '/usr/share/edk2/ovmf/OVMF_CODE.fd', nvram: '/home/user/.config/libvirt/qemu/nvram/session_VARS.fd' }),
  devices: [
    device.CONTROLLERS,
    device.virtioDisk('/home/user/.local/share/libvirt/images/session.qcow2', 8),
    "<interface type='user'>\n      <mac address='52:54:00:4f:11:aa'/>\n      <model type='virtio'/>\n      <backend type='passt'/>\n    </interface>",
    device.INPUTS,
    device.SPICE,
    device.video('virtio'),
    device.BALLOON,
  ],
});

/** Emulated, on a machine of CI that has no KVM. */
export const emulated = written({
  ...linux,
  type: 'qemu',
  name: 'tcg',
  gib: 2,
  vcpu: "<vcpu placement='static'>2</vcpu>",
  boot: "<os>\n    <type arch='x86_64' machine='pc'>hvm</type>\n    <boot dev='hd'/>\n  </os>",
  cpu: "<cpu mode='custom' match='exact' check='none'>\n    <model fallback='forbid'>qemu64</model>\n  </cpu>",
  devices: [
    device.virtioDisk('/var/lib/libvirt/images/tcg.qcow2').replace("\n      <boot order='1'/>", ''),
    device.nic('virtio'),
    device.CONSOLE,
  ],
});

/** A guest of an ARM server with a GPU. */
export const aarch64 = written({
  ...linux,
  name: 'arm',
  boot: "<os firmware='efi'>\n    <type arch='aarch64' machine='virt-8.2'>hvm</type>\n  </os>",
  features: "<features>\n    <acpi/>\n    <gic version='3'/>\n  </features>",
  clock: "<clock offset='utc'/>",
  emulator: '/usr/bin/qemu-system-aarch64',
  devices: [device.virtioDisk('/var/lib/libvirt/images/arm.qcow2'), device.nic('virtio'), device.given('000d:01:00.0'), device.NO_BALLOON],
}).replace(/<pm>[\s\S]*<\/pm>\n {2}/, '');

/** The card of `nixos`, for another guest: they never run together. */
export const alternative = written({
  ...linux,
  name: 'gaming-linux',
  devices: [...server, device.CARD_TOGETHER, device.NO_BALLOON],
}).replace('7a:41:0c', '7a:41:0d');

/** Hiding of the hypervisor as it was needed before the driver 465 of NVIDIA. */
export const hiddenLinux = written({
  ...linux,
  name: 'old-driver',
  features: features(HIDDEN),
  clock: UTC,
  devices: [...server, device.CARD_TOGETHER, device.NO_BALLOON],
});
