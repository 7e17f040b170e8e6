import type { DesiredVolume } from '../desired.ts';
import type { Spec, VmSpec } from '../spec/model.ts';
import { sizeBytes } from '../spec/size.ts';
import { explicitLayout } from './explicit-pins.ts';
import type { Machine, PinLayout } from './machine.ts';

/** What a VM is known by. */
export interface MachineIdentity {
  readonly name: string;
  readonly uuid: string;
  /** One for each card. */
  readonly macs: readonly string[];
}

/** Where libvirt itself keeps the variables of VMs. */
const NVRAM = '/var/lib/libvirt/qemu/nvram';

const MIB = 1024 * 1024;

/** Looks up what a VM of a spec names. Throws a `RangeError` for a name that is not in the spec. */
export function machineOf(
  spec: Spec,
  volumes: ReadonlyMap<string, DesiredVolume>,
  { name, uuid, macs }: MachineIdentity,
  pins: PinLayout | undefined,
): Machine {
  const vm = there(spec.vms[name], name);
  const disks = vm.disks.map(({ volume, bus }) => {
    const { path, format } = there(volumes.get(volume), volume);
    return { path, format, bus };
  });
  const media = vm.attachInstallMedia ? vm.media.map((medium) => ({ name: medium, path: there(spec.media[medium], medium) })) : [];
  return {
    name,
    uuid,
    vm,
    memoryKiB: Math.ceil(sizeBytes(vm.memory) / MIB) * 1024,
    nvramPath: nvramPath(spec, name, vm),
    disks,
    media,
    macs,
    sharedMemory: vm.lookingGlass === undefined ? null : sharedMemoryOf(spec, name),
    pins: pins ?? (typeof vm.pins === 'object' ? explicitLayout(vm.pins, { vm, disks, host: null }) : null),
  };
}

/** Of one's own libvirt only libvirt knows where: it is in the user's folder. */
function nvramPath({ connection }: Spec, name: string, vm: VmSpec): string | null {
  if (vm.firmware === 'bios') return null;
  return vm.nvram ?? (connection === 'qemu:///system' ? `${NVRAM}/${name}_VARS.fd` : null);
}

/** The client looks for the first one where it is not told. https://looking-glass.io/docs/B7/ivshmem_shm/ */
function sharedMemoryOf({ vms }: Spec, name: string): string {
  const [first] = Object.entries(vms).find(([, { lookingGlass }]) => lookingGlass !== undefined) ?? [];
  return first === name ? 'looking-glass' : `looking-glass-${name}`;
}

/** A spec was checked for it. */
function there<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new RangeError(`the spec has no ${name.slice(0, 80)}`);
  return value;
}
