/** What libvirt takes for one attribute. */
export interface Accepted {
  /** The words; null: a number. */
  readonly words: ReadonlySet<string> | null;
  /** The greatest number, where there is one. */
  readonly most?: number;
  /** A UUID instead of a number. */
  readonly isUuid?: boolean;
  /** A list of nodes (`0-1,^1`) instead of a number. */
  readonly isList?: boolean;
  /** A decimal number from 1 on. */
  readonly isCount?: boolean;
  /** Without this attribute libvirt refuses the element. */
  readonly required?: boolean;
}

type Row = readonly [path: string, attribute: string, words: string];

/** Instead of words: a list of nodes, a decimal number from 1 on. */
const LIST = '#list';
const COUNT = '#count';
const ON = 'on off';
const YES = 'yes no';
const CHARACTER = 'null vc pty dev file pipe stdio udp tcp unix spicevmc spiceport nmdm qemu-vdagent dbus';
const VIRTIO = 'virtio virtio-transitional virtio-non-transitional';

// Closed lists of libvirt (its enumerations in src/conf/domain_conf.c, up to version 11): a value outside of them refuses the
// whole definition. Only what people write by hand; what another rule judges is not here. `!`: the attribute is required.
const ROWS: readonly Row[] = [
  ...[
    'smm',
    'vmport',
    'pmu',
    'vmcoreinfo',
    'pvspinlock',
    'hap',
    'kvm/hidden!',
    'kvm/hint-dedicated!',
    'kvm/poll-control!',
    'kvm/pv-ipi!',
  ].map((name): Row => [`features/${name.replace('!', '')}`, name.endsWith('!') ? 'state!' : 'state', ON]),
  ['features/ioapic', 'driver', 'kvm qemu'],
  ['os/loader', 'readonly', YES],
  ['os/loader', 'secure', YES],
  ['os/boot', 'dev!', 'fd hd cdrom network'],
  ['os/firmware/feature', 'enabled!', YES],
  ['clock', 'offset', 'utc localtime timezone variable absolute'],
  ['vcpu', 'placement', 'static auto'],
  ['pm/suspend-to-mem', 'enabled', YES],
  ['pm/suspend-to-disk', 'enabled', YES],
  ['numatune/memory', 'mode', 'strict preferred interleave restrictive'],
  ['numatune/memory', 'placement', 'static auto'],
  ['numatune/memory', 'nodeset', LIST],
  ['numatune/memnode', 'nodeset!', LIST],
  ['memoryBacking/hugepages/page', 'size!', COUNT],
  ['memoryBacking/hugepages/page', 'nodeset', LIST],
  ['memoryBacking/source', 'type', 'file anonymous memfd'],
  ['memoryBacking/access', 'mode', 'shared private'],
  ['memoryBacking/allocation', 'mode', 'immediate ondemand'],
  ['cpu/model', 'fallback', 'allow forbid'],
  ['cpu/maxphysaddr', 'mode!', 'passthrough emulate'],
  ['devices/disk', 'type', 'file block dir network volume nvme vhostuser vhostvdpa'],
  ['devices/disk', 'device', 'disk cdrom floppy lun'],
  ['devices/disk/driver', 'name', 'qemu'],
  ['devices/disk/driver', 'type', 'none raw dir bochs cloop dmg iso vpc vdi fat vhd ploop cow qcow qcow2 qed vmdk'],
  ['devices/disk/driver', 'io', 'native threads io_uring'],
  ['devices/disk/target', 'bus', 'ide fdc scsi virtio xen usb uml sata sd none nvme'],
  ['devices/controller', 'type', 'ide fdc scsi sata virtio-serial ccid usb pci xenbus isa nvme'],
  ['devices/interface', 'type', 'ethernet user vhostuser server client mcast network bridge internal direct hostdev udp vdpa null vds'],
  ['devices/interface/vlan/tag', 'id!', ''],
  ['devices/serial', 'type', CHARACTER],
  ['devices/console', 'type', CHARACTER],
  ['devices/channel', 'type', CHARACTER],
  ['devices/channel/target', 'type!', 'guestfwd virtio xen none'],
  ['devices/input', 'type!', 'mouse tablet keyboard passthrough evdev'],
  ['devices/input', 'bus', 'ps2 usb xen parallels virtio none'],
  ['devices/graphics', 'type!', 'sdl vnc rdp desktop spice egl-headless dbus'],
  ['devices/graphics/listen', 'type!', 'none address network socket'],
  ['devices/graphics/image', 'compression!', 'auto_glz auto_lz quic glz lz off'],
  ['devices/graphics/gl', 'enable!', YES],
  ['devices/graphics/clipboard', 'copypaste!', YES],
  ['devices/graphics/filetransfer', 'enable!', YES],
  ['devices/graphics/mouse', 'mode!', 'server client'],
  ['devices/sound', 'model!', 'sb16 es1370 pcspk ac97 ich6 ich7 ich9 usb virtio'],
  ['devices/audio', 'type!', 'none alsa coreaudio jack oss pulseaudio sdl spice file dbus pipewire'],
  ['devices/redirdev', 'bus', 'usb'],
  ['devices/redirdev', 'type!', CHARACTER],
  ['devices/watchdog', 'model!', 'i6300esb ib700 diag288 itco'],
  ['devices/watchdog', 'action', 'reset shutdown poweroff pause none dump inject-nmi'],
  ['devices/memballoon', 'model!', `${VIRTIO} xen none`],
  ['devices/rng', 'model!', VIRTIO],
  ['devices/rng/backend', 'model!', 'random egd builtin'],
  ['devices/tpm', 'model', 'tpm-tis tpm-crb tpm-spapr spapr-tpm-proxy'],
  ['devices/tpm/backend', 'type!', 'passthrough emulator external'],
  ['devices/tpm/backend', 'persistent_state', YES],
  ['devices/video/model', 'type', 'default vga cirrus vmvga xen vbox qxl parallels virtio gop none bochs ramfb'],
  ['devices/video/model', 'heads', ''],
  ['devices/video/model', 'ram', ''],
  ['devices/video/model', 'vram', ''],
  ['devices/video/model', 'vgamem', ''],
  ['devices/hostdev', 'mode', 'subsystem capabilities'],
  ['devices/hostdev', 'type', 'usb pci scsi scsi_host mdev storage misc net'],
  ['devices/hostdev type=mdev', 'model!', 'vfio-pci vfio-ccw vfio-ap'],
  ['devices/hostdev', 'display', ON],
  ['devices/hostdev', 'ramfb', ON],
  ['devices/hostdev/rom', 'bar', ON],
  ['devices/hostdev/rom', 'enabled', YES],
  ['devices/hostdev/source/vendor', 'id!', ''],
  ['devices/hostdev/source/product', 'id!', ''],
  ['devices/filesystem', 'type', 'mount block file template ram bind volume'],
  ['devices/filesystem', 'accessmode', 'passthrough mapped squash'],
  ['devices/filesystem/driver', 'type', 'path handle loop nbd ploop virtiofs mtp'],
];

/** What libvirt takes, by the path of the element below `<domain>` and by attribute; `type=` where that is so for one type only. */
export const ACCEPTED: ReadonlyMap<string, ReadonlyMap<string, Accepted>> = tableOf(ROWS);

function tableOf(rows: readonly Row[]): ReadonlyMap<string, ReadonlyMap<string, Accepted>> {
  const table = new Map<string, Map<string, Accepted>>();
  for (const [path, name, words] of rows) {
    const attributes = table.get(path) ?? new Map<string, Accepted>();
    table.set(path, attributes);
    const isNumber = ['', LIST, COUNT].includes(words);
    attributes.set(name.replace('!', ''), {
      words: isNumber ? null : new Set(words.split(' ')),
      isList: words === LIST,
      isCount: words === COUNT,
      required: name.endsWith('!'),
    });
  }
  return table;
}

const ADDRESS_TYPES = 'pci drive virtio-serial ccid usb spapr-vio virtio-s390 ccw virtio-mmio isa dimm unassigned'.split(' ');

/** `<address>` of a device, in the guest. */
export const GUEST_ADDRESS: ReadonlyMap<string, Accepted> = new Map([['type', { words: new Set(ADDRESS_TYPES), required: true }]]);

/** The coordinates of a PCI function; libvirt takes hexadecimal and decimal numbers. src/util/virpci.c, virPCIDeviceAddressIsValid */
export const PCI_COORDINATES: ReadonlyMap<string, Accepted> = new Map([
  ['domain', { words: null, most: 0xffff_ffff }],
  ['bus', { words: null, most: 0xff }],
  ['slot', { words: null, most: 0x1f }],
  ['function', { words: null, most: 7 }],
]);

/** A mediated device of the host. */
export const MEDIATED: ReadonlyMap<string, Accepted> = new Map([['uuid', { words: null, isUuid: true, required: true }]]);

/** The elements, and of a child `child@attribute`, without which libvirt refuses another, by its path; `type=` as above. */
export const NEEDED: ReadonlyMap<string, readonly string[]> = new Map([
  ['devices/hostdev', ['source']],
  ['devices/tpm', ['backend']],
  ['devices/rng', ['backend']],
  ['devices/channel', ['target']],
  ['devices/filesystem', ['source', 'target']],
  ['devices/hostdev type=mdev', ['source/address']],
  ['devices/interface type=network', ['source', 'source@network']],
  ['devices/interface type=bridge', ['source', 'source@bridge']],
  ['devices/interface type=direct', ['source', 'source@dev']],
]);
