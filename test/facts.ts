import { DEFAULT_CONFIG } from '../src/config/defaults.ts';
import type { Config } from '../src/config/schema.ts';
import type { Domain } from '../src/domain/model.ts';
import type { Cpu } from '../src/facts/cpu.ts';
import type { Attempt } from '../src/facts/fact.ts';
import type { Iommu, IommuGroup } from '../src/facts/iommu.ts';
import type { Displays } from '../src/facts/displays.ts';
import { type Kernel, parseKernelCommandLine } from '../src/facts/kernel.ts';
import type { Passthrough, SelectedGpu } from '../src/facts/passthrough.ts';
import type { PciDevice } from '../src/facts/pci-devices.ts';
import type { Platform } from '../src/facts/platform.ts';
import type { Libvirt } from '../src/facts/libvirt.ts';
import type { Qemu, QemuVersion } from '../src/facts/qemu.ts';
import { ABSENT, ok } from '../src/host/reading.ts';

// Hand-made values of the facts that many checks share: a test names only what matters to it.

/** A fact that could be had. */
export function known<Value>(value: Value): Attempt<Value> {
  return { ok: true, value };
}

export function aKernel(commandLine = '', release = '6.12.0'): Kernel {
  const [major, minor] = release.split('.').map(Number);
  return { release, version: [major ?? 0, minor ?? 0], commandLine, parameters: parseKernelCommandLine(commandLine) };
}

export const DEBIAN: Platform = {
  distribution: 'debian',
  id: 'debian',
  name: 'Debian GNU/Linux 12 (bookworm)',
  bootLoader: 'grub',
  initramfsTool: 'initramfs-tools',
  esp: '/boot/efi',
};

/** A GPU on vfio-pci, alone in group 12, behind the root port 0000:00:01.0. */
export function aPciDevice(given: Partial<PciDevice> = {}): PciDevice {
  return {
    address: '0000:01:00.0',
    vendor: '10de',
    device: '2684',
    subsystem: null,
    classCode: '030000',
    revision: 'a1',
    driver: ok('vfio-pci'),
    driverOverride: ABSENT,
    bootVga: ok(false),
    iommuGroup: ok('12'),
    numaNode: null,
    resetMethods: ok(['bus']),
    link: null,
    bars: [],
    totalVfs: null,
    numVfs: null,
    physicalFunction: null,
    powerState: 'D0',
    modalias: null,
    upstream: ['0000:00:01.0'],
    ...given,
  };
}

/** The audio function of {@link aPciDevice}. */
export function anAudioFunction(given: Partial<PciDevice> = {}): PciDevice {
  return aPciDevice({ address: '0000:01:00.1', device: '22ba', classCode: '040300', bootVga: ABSENT, ...given });
}

export function aGpu(functions: readonly PciDevice[] = [aPciDevice(), anAudioFunction()], given: Partial<SelectedGpu> = {}): SelectedGpu {
  return {
    address: functions[0]?.address ?? '0000:01:00.0',
    functions,
    domains: [],
    isManaged: false,
    reasons: ['bound to vfio-pci'],
    ...given,
  };
}

export function aPassthrough(gpus: readonly SelectedGpu[] = [aGpu()], given: Partial<Passthrough> = {}): Passthrough {
  return {
    gpus,
    basis: 'bound',
    source: '/sys/bus/pci/drivers/vfio-pci',
    candidates: gpus.map(({ address }) => address),
    problems: [],
    devices: gpus.flatMap(({ functions }) => functions.map(({ address }) => address)),
    unseen: [],
    ...given,
  };
}

/** A domain with 8 GiB and 4 vCPUs, UEFI, without devices. */
export function aDomain(given: Partial<Domain> = {}): Domain {
  return {
    name: 'win11',
    uuid: null,
    memoryKiB: 8 * 1024 * 1024,
    vcpus: 4,
    hugepages: null,
    memoryNodes: null,
    emulator: '/usr/bin/qemu-system-x86_64',
    firmware: 'efi',
    loader: null,
    nvramTemplate: null,
    secureBoot: null,
    tpm: null,
    pciDevices: [],
    disks: [],
    interfaces: [],
    sharedMemory: [],
    vcpuPins: [],
    emulatorPin: null,
    qemuArguments: [],
    hasVideo: true,
    ...given,
  };
}

export function aConfig(given: Partial<Config> = {}): Config {
  return { ...DEFAULT_CONFIG, ...given };
}

/** Group 12 with the GPU and its audio function. */
export function aGroup(given: Partial<IommuGroup> = {}): IommuGroup {
  return {
    id: '12',
    devices: ['0000:01:00.0', '0000:01:00.1'],
    otherDrivers: {},
    type: ok('DMA'),
    name: ABSENT,
    reservedRegions: ok([{ start: 0xfee00000n, end: 0xfeefffffn, type: 'msi' }]),
    ...given,
  };
}

/** An Intel IOMMU in force, with {@link aGroup}. */
export function anIommu(given: Partial<Iommu> = {}): Iommu {
  return {
    instances: ['dmar0'],
    groups: [aGroup()],
    firmwareTables: ok(['DMAR']),
    dmar: ok({ interruptRemapping: true, x2apicOptOut: false, dmaControlOptIn: false, units: 1 }),
    intelCanRemapInterrupts: true,
    ...given,
  };
}

/** A headless host: no card with a driver, no framebuffer, no console on a screen. */
export function someDisplays(given: Partial<Displays> = {}): Displays {
  return {
    cards: ok([]),
    framebuffers: ok([]),
    consoles: ok([]),
    firmwareFramebuffers: ok([]),
    kernelConsoles: ok(['tty0']),
    sessions: ok([]),
    ...given,
  };
}

/** A card that a display driver drives, with a monitor on its one output. */
export function aDisplayCard(device: string | null, name = 'card0', isEnabled = true): Displays['cards'] {
  return ok([{ name, device, connectors: [{ name: `${name}-DP-1`, status: ok('connected'), isEnabled: ok(isEnabled) }] }]);
}

/** An Intel CPU with KVM, which uses APICv. */
export function aCpu(given: Partial<Cpu> = {}): Cpu {
  return {
    vendor: 'intel',
    modelName: 'Intel(R) Xeon(R) Gold 6430',
    flags: new Set(['vmx', 'constant_tsc', 'nonstop_tsc']),
    microcode: null,
    isNested: false,
    hypervisor: null,
    kvmModule: ok({
      name: 'kvm_intel',
      hasNestedPaging: true,
      allowsNesting: true,
      hasUnrestrictedGuest: true,
      hasVirtualInterrupts: true,
    }),
    isKvmActive: ok(true),
    ...given,
  };
}

/** libvirt 11.3 that answers. */
export function aLibvirt(given: Partial<Libvirt> = {}): Libvirt {
  return {
    uri: 'qemu:///system',
    mode: 'modular',
    daemon: ok('/usr/sbin/virtqemud'),
    socket: ABSENT,
    isListening: ok(true),
    answer: { source: 'virsh', state: 'read' },
    version: [11, 3],
    ...given,
  };
}

/** The distribution's QEMU in this version. */
export function aQemu(version: QemuVersion = [10, 0, 0]): Qemu {
  return { system: ok({ path: '/usr/bin/qemu-system-x86_64', domains: [], version: ok(version) }), others: [] };
}
