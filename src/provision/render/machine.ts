import type { PinPlan } from '../../pinning/model.ts';
import type { VmSpec } from '../spec/model.ts';

/** What of a plan of pins a definition says. */
export type PinLayout = Pick<PinPlan, 'vcpus' | 'guest' | 'emulator' | 'iothreads' | 'memoryNode' | 'needsTopoext' | 'showsCaches'>;

/** A VM of a spec with all that its definition says looked up. */
export interface Machine {
  readonly name: string;
  readonly uuid: string;
  readonly vm: VmSpec;
  /** Whole MiB, as libvirt has it. */
  readonly memoryKiB: number;
  /** Null without UEFI, and where libvirt chooses the path. */
  readonly nvramPath: string | null;
  readonly disks: readonly MachineDisk[];
  /** The images in its drives, in their order. */
  readonly media: readonly { readonly name: string; readonly path: string }[];
  /** One for each card. */
  readonly macs: readonly string[];
  /** The name of the memory that Looking Glass shares: a file of the host, of which two VMs that run must not have one. */
  readonly sharedMemory: string | null;
  /** Null: its threads run on any CPU. */
  readonly pins: PinLayout | null;
}

export interface MachineDisk {
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
  readonly bus: 'virtio' | 'sata';
}

export function usesKvm({ vm }: Machine): boolean {
  return vm.accelerator === 'kvm';
}

export function isWindows({ vm }: Machine): boolean {
  return vm.os !== 'linux';
}

/** One, where something else than the disks wants the time of QEMU's own thread: vCPUs of their own, a device of the host. */
export function ioThreads({ vm, disks }: Pick<Machine, 'vm' | 'disks'>): readonly number[] {
  const isBusy = vm.pins !== undefined || vm.gpu !== undefined;
  return isBusy && disks.some(({ bus }) => bus === 'virtio') ? [1] : [];
}

/** Beyond 255 vCPUs interrupts need more bits for their targets: a virtual IOMMU has them. libvirt refuses the VM without. */
export function needsWideInterrupts({ vm }: Machine): boolean {
  return vm.vcpus > 255;
}
