import { parseCpuset } from '../../../domain/cpuset.ts';
import type { MeaningProblem } from '../../../config/yaml-text.ts';
import type { Spec, VmSpec } from '../model.ts';
import { repeated, vmsOf, wrongAt } from './place.ts';

type Pins = Exclude<VmSpec['pins'], 'auto' | undefined>;

/** A VM with CPUs that its spec names. */
interface PinnedVm {
  readonly name: string;
  readonly vm: VmSpec;
  readonly pins: Pins;
  readonly devices: ReadonlySet<string>;
}

/** What is wrong with the CPUs that VMs are pinned to. */
export function wrongPins(spec: Spec): MeaningProblem[] {
  const pinned = vmsOf(spec).flatMap(({ name, vm }) =>
    vm.pins === undefined || vm.pins === 'auto' ? [] : [{ name, vm, pins: vm.pins, devices: new Set(vm.gpu?.devices) }],
  );
  return [...pinned.flatMap(wrongAlone), ...sharedCpus(pinned)];
}

function wrongAlone({ name, vm, pins }: PinnedVm): MeaningProblem[] {
  const path = ['vms', name, 'pins'];
  const placed = pins.vcpus.map((cpu, index) => ({ cpu, place: [...path, 'vcpus', index] }));
  const { length } = pins.vcpus;
  return [
    ...(length === vm.vcpus
      ? []
      : [wrongAt([...path, 'vcpus'], `${length === 1 ? '1 CPU' : `${length} CPUs`} for ${vm.vcpus} vCPUs: one for each`)]),
    ...repeated(placed, ({ cpu }) => String(cpu)).map(({ thing: { cpu, place } }) => wrongAt(place, `CPU ${cpu} has a vCPU already`)),
    ...(['emulator', 'iothreads'] as const).flatMap((key) => {
      const cpus = pins[key];
      return cpus === undefined || parseCpuset(cpus) !== null
        ? []
        : [wrongAt([...path, key], `${cpus} goes backwards: lower CPUs first, like 2-5,8`)];
    }),
  ];
}

/** A CPU of a hostile spec can have a hundred thousand VMs, which are not all held against each other. */
const MOST_HOLDERS = 64;

/** VMs that have a device in common never run together, so they may have the same CPUs. */
function sharedCpus(pinned: readonly PinnedVm[]): MeaningProblem[] {
  const holders = new Map<number, PinnedVm[]>();
  return pinned.flatMap((one) => {
    const meeting = firstMeeting(one, holders);
    for (const cpu of one.pins.vcpus) {
      const others = holders.get(cpu);
      if (others === undefined) holders.set(cpu, [one]);
      else if (others.length < MOST_HOLDERS) others.push(one);
    }
    if (meeting === null) return [];
    const message = `CPU ${meeting.cpu} has a vCPU of ${meeting.other.name}, and the two share no device that would keep them from running together`;
    return [wrongAt(['vms', one.name, 'pins', 'vcpus', meeting.index], message)];
  });
}

function firstMeeting(
  { pins, vm }: PinnedVm,
  holders: ReadonlyMap<number, readonly PinnedVm[]>,
): { readonly cpu: number; readonly index: number; readonly other: PinnedVm } | null {
  const devices = vm.gpu?.devices ?? [];
  for (const [index, cpu] of pins.vcpus.entries()) {
    const other = holders.get(cpu)?.find((holder) => !devices.some((device) => holder.devices.has(device)));
    if (other !== undefined) return { cpu, index, other };
  }
  return null;
}
