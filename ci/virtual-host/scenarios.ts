import {
  BOCHS,
  CLEAN,
  type Hardware,
  IDENTICAL_GPUS,
  NODE_1_GPU,
  ONLY_DISPLAY,
  SHARED_GROUP,
  TWO_NODES,
  WORKSTATION_NODES,
} from './hardware.ts';

/** A virtual host in one state, and what passcheck must say of it. */
export interface Scenario {
  /** Name of the recorded host: `fixtures/hosts/<name>`. */
  readonly name: string;
  /** `npm run test:virtual:full` alone boots it: another one shows nearly the same, and `npm test` judges its recording. */
  readonly isRare?: true;
  /** What is set up, for people. */
  readonly title: string;
  readonly hardware: Hardware;
  /** Bash lines that bring the host into its state; functions of inside.sh. */
  readonly setup: string;
  /** More of `passcheck.yaml`. */
  readonly config?: string;
  /** The user that runs passcheck; root unless told. */
  readonly user?: string;
  readonly expected: {
    readonly verdict: 'GO' | 'NO-GO' | 'INCONCLUSIVE';
    /** Exactly the blockers and majors that fail. */
    readonly failing: readonly string[];
    /** Exactly the blockers and majors that could not be looked at. */
    readonly errors?: readonly string[];
  };
}

const AMD: Hardware = { iommu: 'amd', devices: CLEAN, commandLine: 'iommu=pt' };
const INTEL: Hardware = { iommu: 'intel', devices: CLEAN, commandLine: 'intel_iommu=on iommu=pt' };
const GPU = '0000:01:00.0';
const AUDIO = '0000:01:00.1';

const BIND = `configure_vfio 1002:5046,8086:2668; bind_to_vfio ${GPU} ${AUDIO}`;
const HUGEPAGES = 'echo 512 > /proc/sys/vm/nr_hugepages';
const BACKED = '<memoryBacking><hugepages/></memoryBacking>';
const LIBVIRT = `start_libvirt; define_vm win11 512 "${BACKED}" "$(hostdev ${GPU} no)$(hostdev ${AUDIO} no)"`;
const READY = `${BIND}; ${HUGEPAGES}; ${LIBVIRT}`;

export const scenarios: readonly Scenario[] = [
  {
    name: 'amd-ready',
    title: 'AMD host, GPU and audio on vfio-pci, hugepages, libvirtd up',
    hardware: AMD,
    setup: READY,
    expected: { verdict: 'GO', failing: [] },
  },
  {
    name: 'intel-ready',
    title: 'Intel host in the same state; software emulation has no VT-x',
    hardware: INTEL,
    setup: READY,
    expected: { verdict: 'NO-GO', failing: ['preflight/cpu/virtualization', 'preflight/kvm/device'] },
  },
  {
    name: 'no-iommu',
    title: 'the machine has no IOMMU at all',
    hardware: { ...AMD, iommu: 'none' },
    setup: READY,
    expected: { verdict: 'NO-GO', failing: ['preflight/iommu/enabled', 'preflight/iommu/firmware-table'] },
  },
  {
    name: 'intel-iommu-off',
    title: 'intel_iommu=off on the kernel command line',
    hardware: { ...INTEL, commandLine: 'intel_iommu=off' },
    setup: READY,
    expected: { verdict: 'NO-GO', failing: ['preflight/cpu/virtualization', 'preflight/iommu/enabled', 'preflight/kvm/device'] },
  },
  {
    name: 'amd-iommu-off',
    isRare: true,
    title: 'amd_iommu=off on the kernel command line',
    hardware: { ...AMD, commandLine: 'amd_iommu=off' },
    setup: READY,
    expected: { verdict: 'NO-GO', failing: ['preflight/iommu/enabled'] },
  },
  {
    name: 'intremap-off',
    title: 'intremap=off on the kernel command line',
    hardware: { ...AMD, commandLine: 'iommu=pt intremap=off' },
    setup: READY,
    expected: { verdict: 'NO-GO', failing: ['preflight/iommu/interrupt-remapping'] },
  },
  {
    name: 'unsafe-interrupts',
    isRare: true,
    title: 'interrupts are not remapped, and allow_unsafe_interrupts=1 lets the VM start all the same',
    hardware: { ...AMD, commandLine: 'iommu=pt intremap=off vfio_iommu_type1.allow_unsafe_interrupts=1' },
    setup: `echo 1 > /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts; ${READY}`,
    expected: { verdict: 'GO', failing: ['preflight/iommu/interrupt-remapping', 'preflight/iommu/unsafe-interrupts'] },
  },
  {
    name: 'shared-group',
    title: 'a PCI bridge puts the GPU into one IOMMU group with a network card of the host',
    hardware: { ...AMD, devices: SHARED_GROUP },
    setup: `modprobe e1000; configure_vfio 1002:5046,8086:2668; bind_to_vfio 0000:02:01.0 0000:02:01.1; ${HUGEPAGES}
start_libvirt; define_vm win11 512 "${BACKED}" "$(hostdev 0000:02:01.0 no)$(hostdev 0000:02:01.1 no)"`,
    // The bus reset would hit the network card, too.
    expected: { verdict: 'NO-GO', failing: ['preflight/gpu/reset', 'preflight/iommu/group-isolated'] },
  },
  {
    name: 'audio-not-bound',
    isRare: true,
    title: "the GPU's audio function stays with snd_hda_intel",
    hardware: AMD,
    setup: `configure_vfio 1002:5046; bind_to_vfio ${GPU}; modprobe snd_hda_intel; ${HUGEPAGES}
start_libvirt; define_vm win11 512 "${BACKED}" "$(hostdev ${GPU} no)"`,
    expected: {
      verdict: 'NO-GO',
      failing: ['preflight/gpu/all-functions', 'preflight/vfio/driver-bound', 'preflight/vfio/early-binding'],
    },
  },
  {
    name: 'gpu-on-host-driver',
    title: 'the GPU is held by a driver of the host (bochs-drm)',
    hardware: { ...AMD, devices: BOCHS },
    setup: `modprobe bochs; ${HUGEPAGES}; start_libvirt; define_vm win11 512 "${BACKED}" "$(hostdev ${GPU} no)"`,
    expected: {
      verdict: 'NO-GO',
      failing: ['preflight/vfio/driver-bound', 'preflight/vfio/early-binding'],
    },
  },
  {
    name: 'only-display',
    title: 'the GPU is the only display of the host',
    hardware: { ...AMD, devices: ONLY_DISPLAY },
    setup: `${HUGEPAGES}; start_libvirt`,
    // No domain yet: the media for its installation are missing, too.
    expected: {
      verdict: 'NO-GO',
      failing: ['preflight/media/virtio-iso', 'preflight/media/windows-iso', 'preflight/vfio/driver-bound', 'preflight/vfio/early-binding'],
    },
  },
  {
    name: 'identical-gpus',
    isRare: true,
    title: 'two GPUs with the same vendor:device, one for the host; vfio-pci.ids cannot tell them apart',
    hardware: { ...AMD, devices: IDENTICAL_GPUS },
    config: `gpu: "${GPU}"`,
    setup: READY,
    expected: { verdict: 'GO', failing: ['preflight/vfio/ids-unambiguous'] },
  },
  {
    name: 'no-hugepages',
    isRare: true,
    title: 'the VM asks for hugepages and none are reserved',
    hardware: AMD,
    setup: `${BIND}; ${LIBVIRT}`,
    expected: { verdict: 'GO', failing: ['preflight/memory/hugepages'] },
  },
  {
    name: 'hugepages-on-the-wrong-node',
    title: 'Intel host with two NUMA nodes: the GPU is on node 1, the hugepages on node 0',
    hardware: { ...INTEL, devices: NODE_1_GPU, processors: TWO_NODES },
    setup: `configure_vfio 1002:5046,8086:2668; bind_to_vfio 0000:41:00.0 0000:41:00.1
echo 300 > /sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages
start_libvirt; define_vm win11 512 "${BACKED}" "$(hostdev 0000:41:00.0 no)$(hostdev 0000:41:00.1 no)"`,
    expected: { verdict: 'NO-GO', failing: ['preflight/cpu/virtualization', 'preflight/kvm/device', 'preflight/memory/hugepages'] },
  },
  {
    name: 'workstation',
    title: 'what passcheck demo shows: UEFI, two NUMA nodes, the GPU on node 1, all ready but for intremap=off',
    hardware: {
      ...AMD,
      devices: NODE_1_GPU,
      processors: WORKSTATION_NODES,
      memoryMiB: 16_384,
      uefi: true,
      commandLine: 'iommu=pt intremap=off',
    },
    setup: `configure_vfio 1002:5046,8086:2668; bind_to_vfio 0000:41:00.0 0000:41:00.1
echo 2048 > /sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages
start_libvirt; qemu-img create -q -f qcow2 /var/lib/libvirt/images/win11.qcow2 64G
virsh -q -c qemu:///system define /opt/passcheck/fixtures/demo/win11.xml`,
    expected: { verdict: 'NO-GO', failing: ['preflight/iommu/interrupt-remapping'] },
  },
  {
    name: 'libvirtd-stopped',
    isRare: true,
    title: 'libvirtd is not running',
    hardware: AMD,
    setup: `${READY}; pkill libvirtd; while pgrep libvirtd > /dev/null; do sleep 0.1; done`,
    expected: { verdict: 'NO-GO', failing: ['preflight/libvirt/daemon'] },
  },
  {
    name: 'ordinary-user',
    title: 'an ordinary user runs passcheck on the ready AMD host',
    hardware: AMD,
    setup: `${READY}; useradd --create-home developer`,
    user: 'developer',
    // No polkit runs here to be asked, so libvirt shows him no VM, and whatever depends on one stays open.
    expected: {
      verdict: 'INCONCLUSIVE',
      failing: [],
      errors: [
        'preflight/libvirt/access',
        'preflight/looking-glass/kvmfr',
        'preflight/looking-glass/shared-memory',
        'preflight/media/virtio-iso',
        'preflight/media/windows-iso',
        'preflight/memory/host-reserve',
        'preflight/memory/hugepages',
        'preflight/memory/hugepages-mounted',
        'preflight/vfio/kernel-log',
      ],
    },
  },
];
