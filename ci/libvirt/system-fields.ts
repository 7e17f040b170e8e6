import type { Field } from './fields.ts';
import { type LabVm, NVRAM } from './lab.ts';

const HYPERV = 'relaxed, vapic, spinlocks, vpindex, runtime, synic, stimer, frequencies, tlbflush, ipi';
const LINUX = 'http://libosinfo.org/linux/2022';
const WINDOWS = 'http://microsoft.com/win/11';

const GPU = { gpu: { devices: ['ONE'] } };
// The device that they have in common lets them have one CPU.
const PINNED = { ...GPU, pins: { vcpus: [0], emulator: '0' } };

/** What a VM is, beside its devices. Those of the table have one disk, one image in a drive and one card. */
export const SYSTEM_FIELDS: readonly Field<LabVm>[] = [
  {
    field: 'title',
    to: { title: 'A <title> & more' },
    says: ['title: - → A <title> & more'],
    saysBack: ['title: A <title> & more → -'],
  },
  {
    field: 'os',
    to: { os: 'windows-11' },
    says: [
      `Hyper-V: - → ${HYPERV}`,
      'clock: offset: utc → localtime',
      'clock timer hypervclock: - → present yes',
      'random number device: model virtio, backend random → -',
      'serial: pty → -',
      'console: pty → -',
      `operating system: ${LINUX} → ${WINDOWS}`,
    ],
    saysBack: [
      `Hyper-V: ${HYPERV} → -`,
      'clock: offset: localtime → utc',
      'clock timer hypervclock: present yes → -',
      'serial: - → pty',
      'random number device: - → model virtio, backend random',
      `operating system: ${WINDOWS} → ${LINUX}`,
    ],
  },
  {
    field: 'accelerator',
    to: { accelerator: 'tcg' },
    says: ['virtualisation: kvm → qemu', 'CPU: mode: host-passthrough → maximum', 'CPU: migratable: on → -'],
    saysBack: ['virtualisation: qemu → kvm', 'CPU: mode: maximum → host-passthrough', 'CPU: migratable: - → on'],
  },
  { field: 'memory', to: { memory: '1.5 GiB' }, says: ['memory: 1 GiB → 1536 MiB'], saysBack: ['memory: 1536 MiB → 1 GiB'] },
  {
    field: 'vcpus',
    to: { vcpus: 3 },
    says: ['vcpu: 1 → 3', 'CPU topology: cores: 1 → 3'],
    saysBack: ['vcpu: 3 → 1', 'CPU topology: cores: 3 → 1'],
  },
  { field: 'hugepages', to: { hugepages: true }, says: ['memory backing: - → hugepages'], saysBack: ['memory backing: hugepages → -'] },
  {
    field: 'pins',
    from: GPU,
    to: PINNED,
    says: ['CPU tuning: - → CPU pin of vCPU 0, CPU pin of the emulator 0, CPU pin of I/O thread 1'],
    saysBack: ['CPU tuning: CPU pin of vCPU 0, CPU pin of the emulator 0, CPU pin of I/O thread 1 → -'],
  },
  {
    field: 'pins.vcpus',
    from: PINNED,
    to: { pins: { ...PINNED.pins, vcpus: [1] } },
    says: ['CPU pin of vCPU 0: 0 → 1'],
    saysBack: ['CPU pin of vCPU 0: 1 → 0'],
  },
  {
    field: 'pins.emulator',
    from: PINNED,
    to: { pins: { ...PINNED.pins, emulator: '0-1' } },
    says: ['CPU pin of the emulator: 0 → 0-1', 'CPU pin of I/O thread 1: 0 → 0-1'],
    saysBack: ['CPU pin of the emulator: 0-1 → 0', 'CPU pin of I/O thread 1: 0-1 → 0'],
  },
  {
    field: 'pins.iothreads',
    from: PINNED,
    to: { pins: { ...PINNED.pins, iothreads: '1' } },
    says: ['CPU pin of I/O thread 1: 0 → 1'],
    saysBack: ['CPU pin of I/O thread 1: 1 → 0'],
  },
  {
    field: 'firmware',
    from: { secureBoot: false },
    to: { firmware: 'bios' },
    says: ['firmware: efi → -', 'firmware features: enrolled-keys no, secure-boot no → -', `NVRAM: ${NVRAM}/firmware_VARS.fd → -`],
    saysBack: ['firmware: - → efi', 'firmware features: - → enrolled-keys no, secure-boot no', `NVRAM: - → ${NVRAM}/firmware_VARS.fd`],
  },
  {
    field: 'secureBoot',
    to: { secureBoot: false },
    says: ['firmware feature enrolled-keys: yes → no', 'firmware feature secure-boot: yes → no', 'feature smm: on → -'],
    saysBack: ['firmware feature enrolled-keys: no → yes', 'firmware feature secure-boot: no → yes', 'feature smm: - → on'],
  },
  // What the spec no longer says stays as it is.
  { field: 'nvram', to: { nvram: `${NVRAM}/other.fd` }, says: [`NVRAM: ${NVRAM}/nvram_VARS.fd → ${NVRAM}/other.fd`], saysBack: [] },
  { field: 'hostname', to: { hostname: 'guest' }, says: [], saysBack: [] },
  { field: 'autostart', to: { autostart: true }, says: ['start with the host'], saysBack: ['start with the host no longer'] },
];
