const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;

function addressOf(address: string): string {
  const [domain = '', bus = '', slot = '', pciFunction = ''] = address.split(/[:.]/);
  return `<address domain='0x${domain}' bus='0x${bus}' slot='0x${slot}' function='0x${pciFunction}'/>`;
}

/** The address of a device in the guest: alone on its root port, or one function of several there. */
const onBus = (bus: number, pciFunction = 0, isFirst = false): string =>
  `<address type='pci' domain='0x0000' bus='${hex(bus, 2)}' slot='0x00' function='${hex(pciFunction, 1)}'${isFirst ? " multifunction='on'" : ''}/>`;

/** What libvirt gives every q35 guest: 14 root ports, SATA and USB. */
export const CONTROLLERS = [
  "<controller type='pci' index='0' model='pcie-root'/>",
  ...Array.from({ length: 14 }, (_, index) => {
    const place = `slot='${hex(index < 8 ? 2 : 3, 2)}' function='${hex(index % 8, 1)}'${index % 8 === 0 ? " multifunction='on'" : ''}`;
    return `<controller type='pci' index='${index + 1}' model='pcie-root-port'>
      <model name='pcie-root-port'/>
      <target chassis='${index + 1}' port='${hex(16 + index, 2)}'/>
      <address type='pci' domain='0x0000' bus='0x00' ${place}/>
    </controller>`;
  }),
  "<controller type='sata' index='0'>\n      <address type='pci' domain='0x0000' bus='0x00' slot='0x1f' function='0x2'/>\n    </controller>",
  `<controller type='usb' index='0' model='qemu-xhci' ports='15'>\n      ${onBus(2)}\n    </controller>`,
  `<controller type='virtio-serial' index='0'>\n      ${onBus(3)}\n    </controller>`,
].join('\n    ');

/** A PCI device that libvirt takes from its driver. */
export function given(address: string, bus?: number, more: { function?: number; isFirst?: boolean; inside?: string } = {}): string {
  const place = bus === undefined ? '' : `\n      ${onBus(bus, more.function, more.isFirst)}`;
  return `<hostdev mode='subsystem' type='pci' managed='yes'>
      <driver name='vfio'/>
      <source>
        ${addressOf(address)}
      </source>${more.inside === undefined ? '' : `\n      ${more.inside}`}${place}
    </hostdev>`;
}

/** Graphics and audio of the card in the first slot, each behind its own root port, as virt-manager adds them. */
export const CARD = `${given('0000:01:00.0', 6)}\n    ${given('0000:01:00.1', 7)}`;

/** Both functions on one slot, as guides do it. */
export const CARD_TOGETHER = `${given('0000:01:00.0', 6, { isFirst: true })}\n    ${given('0000:01:00.1', 6, { function: 1 })}`;

export const SATA_DISK = `<disk type='file' device='disk'>
      <driver name='qemu' type='qcow2' discard='unmap'/>
      <source file='/var/lib/libvirt/images/win11.qcow2'/>
      <target dev='sda' bus='sata'/>
      <boot order='1'/>
      <address type='drive' controller='0' bus='0' target='0' unit='0'/>
    </disk>`;

export const virtioDisk = (file: string, bus?: number): string => `<disk type='file' device='disk'>
      <driver name='qemu' type='qcow2' discard='unmap'/>
      <source file='${file}'/>
      <target dev='vda' bus='virtio'/>
      <boot order='1'/>${bus === undefined ? '' : `\n      ${onBus(bus)}`}
    </disk>`;

/** A whole drive, as guides give it to a gaming guest. */
export const RAW_DISK = `<disk type='block' device='disk'>
      <driver name='qemu' type='raw' cache='none' io='native' discard='unmap' iothread='1' queues='8'/>
      <source dev='/dev/disk/by-id/nvme-Samsung_SSD_970_EVO_Plus_1TB_S4EWNX0N000000A'/>
      <target dev='vda' bus='virtio'/>
      <boot order='1'/>
    </disk>`;

export const cd = (file: string, unit: number, order?: number): string => `<disk type='file' device='cdrom'>
      <driver name='qemu' type='raw'/>
      <source file='${file}'/>
      <target dev='sd${'abcdef'[unit]}' bus='sata'/>
      <readonly/>${order === undefined ? '' : `\n      <boot order='${order}'/>`}
      <address type='drive' controller='0' bus='0' target='0' unit='${unit}'/>
    </disk>`;

export const EMPTY_CD = `<disk type='file' device='cdrom'>
      <driver name='qemu' type='raw'/>
      <target dev='sdb' bus='sata'/>
      <readonly/>
      <address type='drive' controller='0' bus='0' target='0' unit='1'/>
    </disk>`;

export const nic = (model: string, bus?: number): string => `<interface type='network'>
      <mac address='52:54:00:7a:41:0c'/>
      <source network='default'/>
      <model type='${model}'/>${bus === undefined ? '' : `\n      ${onBus(bus)}`}
    </interface>`;

export const CONSOLE = `<serial type='pty'>
      <target type='isa-serial' port='0'>
        <model name='isa-serial'/>
      </target>
    </serial>
    <console type='pty'>
      <target type='serial' port='0'/>
    </console>`;

export const SPICE_CHANNEL = `<channel type='spicevmc'>
      <target type='virtio' name='com.redhat.spice.0'/>
      <address type='virtio-serial' controller='0' bus='0' port='1'/>
    </channel>`;

export const AGENT = `<channel type='unix'>
      <target type='virtio' name='org.qemu.guest_agent.0'/>
      <address type='virtio-serial' controller='0' bus='0' port='2'/>
    </channel>`;

export const INPUTS = `<input type='tablet' bus='usb'>
      <address type='usb' bus='0' port='1'/>
    </input>
    <input type='mouse' bus='ps2'/>
    <input type='keyboard' bus='ps2'/>`;

export const TPM = `<tpm model='tpm-crb'>
      <backend type='emulator' version='2.0'/>
    </tpm>`;

export const SPICE = `<graphics type='spice' autoport='yes'>
      <listen type='address'/>
      <image compression='off'/>
    </graphics>
    <sound model='ich9'>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x1b' function='0x0'/>
    </sound>
    <audio id='1' type='spice'/>`;

export const video = (model: string): string => `<video>
      <model type='${model}'${model === 'none' ? '' : " heads='1' primary='yes'"}/>${model === 'none' ? '' : "\n      <address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x0'/>"}
    </video>`;

export const REDIRECTION = [2, 3]
  .map((port) => `<redirdev bus='usb' type='spicevmc'>\n      <address type='usb' bus='0' port='${port}'/>\n    </redirdev>`)
  .join('\n    ');

export const BALLOON = `<memballoon model='virtio'>\n      ${onBus(4)}\n    </memballoon>`;
export const NO_BALLOON = "<memballoon model='none'/>";
export const WATCHDOG = "<watchdog model='itco' action='reset'/>";
export const RNG = "<rng model='virtio'>\n      <backend model='random'>/dev/urandom</backend>\n    </rng>";

/** A mediated device, by its UUID. */
export const mediated = (uuid: string, more = ''): string => `<hostdev mode='subsystem' type='mdev' managed='no' model='vfio-pci'${more}>
      <source>
        <address uuid='${uuid}'/>
      </source>
    </hostdev>`;

/** Keyboard and mouse of the host, by evdev. */
export const EVDEV = `<input type='evdev'>
      <source dev='/dev/input/by-id/usb-Logitech_G_Pro-event-mouse'/>
    </input>
    <input type='evdev'>
      <source dev='/dev/input/by-id/usb-Keychron_K2-event-kbd' grab='all' grabToggle='ctrl-ctrl' repeat='on'/>
    </input>`;
