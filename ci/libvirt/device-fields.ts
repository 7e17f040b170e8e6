import { type Field, ISO, SHARED } from './fields.ts';
import type { LabVm } from './lab.ts';

const GPU = { gpu: { devices: ['ONE'] } };
const CARD = '52:54:00:99:00:01';

/** The devices of a VM that has one disk, one image in a drive and one card. */
export const DEVICE_FIELDS: readonly Field<LabVm>[] = [
  { field: 'tpm', to: { tpm: false }, says: ['tpm: tpm-crb 2.0 → -'], saysBack: ['tpm: - → tpm-crb 2.0'] },
  {
    field: 'disks',
    to: { disks: [{ volume: 'disks' }, { volume: 'second' }] },
    says: [`disk vdb: - → ${SHARED}/second.qcow2`],
    saysBack: [`disk vdb: ${SHARED}/second.qcow2 → -`],
  },
  {
    field: 'disks.*.volume',
    to: { disks: [{ volume: 'third' }] },
    says: [`disk vda: source: ${SHARED}/disks.each.volume.qcow2 → ${SHARED}/third.qcow2`],
    saysBack: [`disk vda: source: ${SHARED}/third.qcow2 → ${SHARED}/disks.each.volume.qcow2`],
  },
  {
    field: 'disks.*.bus',
    to: { disks: [{ volume: 'disks.each.bus', bus: 'sata' }] },
    says: ['disk vda: target: vda → sdd', 'disk vda: bus: virtio → sata', 'disk vda: address: PLACE → -'],
    saysBack: [
      'disk sdd: target: sdd → vda',
      'disk sdd: bus: sata → virtio',
      'disk sdd: address: drive, controller 0, bus 0, target 0, unit 3 → -',
    ],
  },
  {
    field: 'media',
    to: { media: ['one', 'other'] },
    says: [`CD drive sdb: - → ${ISO}/other.iso`],
    saysBack: [`CD drive sdb: ${ISO}/other.iso → -`],
  },
  {
    field: 'media.*',
    to: { media: ['other'] },
    says: [`CD drive sda: source: ${ISO}/one.iso → ${ISO}/other.iso`],
    saysBack: [`CD drive sda: source: ${ISO}/other.iso → ${ISO}/one.iso`],
  },
  {
    field: 'attachInstallMedia',
    to: { attachInstallMedia: false },
    says: [`CD drive sda: ${ISO}/one.iso → -`],
    saysBack: [`CD drive sda: - → ${ISO}/one.iso`],
  },
  {
    field: 'nics',
    to: { nics: [{ network: 'shared' }, { network: 'shared', mac: CARD }] },
    says: [`interface ${CARD}: - → shared`],
    saysBack: [`interface ${CARD}: shared → -`],
  },
  {
    field: 'nics.*.network',
    to: { nics: [{ network: 'autostart' }] },
    says: ['interface MAC: network: shared → autostart'],
    saysBack: ['interface MAC: network: autostart → shared'],
  },
  {
    field: 'nics.*.bridge',
    to: { nics: [{ bridge: 'br0' }] },
    says: ['interface MAC: type: network → bridge', 'interface MAC: bridge: - → br0', 'interface MAC: network: shared → -'],
    saysBack: ['interface MAC: type: bridge → network', 'interface MAC: network: - → shared', 'interface MAC: bridge: br0 → -'],
  },
  // As with the NVRAM.
  {
    field: 'nics.*.mac',
    to: { nics: [{ network: 'shared', mac: '52:54:00:99:00:02' }] },
    says: ['interface MAC: MAC address: MAC → 52:54:00:99:00:02'],
    saysBack: [],
  },
  {
    field: 'nics.*.model',
    to: { nics: [{ network: 'shared', model: 'e1000e' }] },
    says: ['interface MAC: model type: virtio → e1000e'],
    saysBack: ['interface MAC: model type: e1000e → virtio'],
  },
  // It is for the guest, and libvirt knows nothing of it.
  { field: 'nics.*.address', to: { nics: [{ network: 'shared', address: '10.98.0.5' }] }, says: [], saysBack: [] },
  {
    field: 'gpu',
    to: GPU,
    says: [
      'memory backing: - → nosharepages',
      'I/O threads: - → 1',
      'CPU: migratable: on → off',
      'disk vda: driver iothread: - → 1',
      'GPU ONE: - → ',
      'memory balloon: model: virtio → none',
    ],
    saysBack: [
      'CPU: migratable: off → on',
      'disk vda: driver iothread: 1 → -',
      'memory balloon: model: none → virtio',
      'GPU ONE:  → -',
      'I/O threads: 1 → -',
      'memory backing: nosharepages → -',
    ],
  },
  {
    field: 'gpu.devices',
    from: GPU,
    to: { gpu: { devices: ['OTHER'] } },
    says: ['GPU ONE: its place on the host'],
    saysBack: ['GPU OTHER: its place on the host'],
  },
  // What has to be at the address.
  { field: 'gpu.ids', from: GPU, to: { gpu: { devices: ['ONE'], ids: ['ONE_ID'] } }, says: [], saysBack: [] },
  // The first one that has it has the plain name.
  {
    field: 'lookingGlass.resolution',
    from: { lookingGlass: {} },
    to: { lookingGlass: { resolution: '1920x1080' } },
    says: ['shared memory looking-glass: size: 128 MiB → 32 MiB'],
    saysBack: ['shared memory looking-glass: size: 32 MiB → 128 MiB'],
  },
  {
    field: 'lookingGlass',
    to: { lookingGlass: {} },
    says: [
      'input mouse virtio: - → ',
      'input keyboard virtio: - → ',
      'input tablet usb:  → -',
      'video: model type: virtio → vga',
      'shared memory looking-glass-lookingGlass: - → 128 MiB',
    ],
    saysBack: [
      'input tablet usb: - → ',
      'input mouse virtio:  → -',
      'input keyboard virtio:  → -',
      'video: model type: vga → virtio',
      'video: model vram: 16 MiB → -',
      'shared memory looking-glass-lookingGlass: 128 MiB → -',
    ],
  },
  {
    field: 'spice',
    to: { spice: false },
    says: [
      'channel com.redhat.spice.0:  → -',
      'audio backend: type: spice → none',
      'video: model type: virtio → none',
      'graphics spice: 127.0.0.1 → -',
      'input tablet usb:  → -',
      'sound: model ich9 → -',
    ],
    saysBack: [
      'channel com.redhat.spice.0: - → ',
      'input tablet usb: - → ',
      'graphics spice: - → ',
      'sound: - → model ich9',
      'audio backend: type: none → spice',
      'video: model type: none → virtio',
    ],
  },
];
