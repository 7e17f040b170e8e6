import { parseCpuset } from '../../domain/cpuset.ts';
import type { PinRequest } from '../../pinning/model.ts';
import type { VmSpec } from '../spec/model.ts';
import { ioThreads, type MachineDisk, type PinLayout } from './machine.ts';

/** Pins that the spec names itself. */
export type ExplicitPins = Exclude<VmSpec['pins'], 'auto' | undefined>;

/** What of the host tells whether neighbours among the vCPUs are threads of one core. */
export type CoresOfHost = Pick<PinRequest, 'topology' | 'vendor' | 'hasTopoext'>;

/**
 * The pins of a spec as a plan has them. The guest is told of threads only where the host shows that each core has two vCPUs with
 * numbers next to each other; without a host every vCPU is a core.
 */
export function explicitLayout(
  pins: ExplicitPins,
  { vm, disks, host }: { readonly vm: VmSpec; readonly disks: readonly MachineDisk[]; readonly host: CoresOfHost | null },
): PinLayout {
  const emulator = parseCpuset(pins.emulator) ?? [];
  const cpus = pins.iothreads === undefined ? emulator : (parseCpuset(pins.iothreads) ?? []);
  const threads = host === null ? 1 : threadsOf(pins.vcpus, host);
  return {
    vcpus: pins.vcpus,
    guest: { sockets: 1, dies: 1, cores: pins.vcpus.length / threads, threads },
    emulator,
    iothreads: ioThreads({ vm, disks }).map((id) => ({ id, cpus })),
    memoryNode: null,
    needsTopoext: threads > 1 && host?.vendor === 'amd' && host.hasTopoext,
    showsCaches: false,
  };
}

/** As many as every core that has a vCPU has of them, side by side; 1 where cores differ. */
function threadsOf(vcpus: readonly number[], { topology }: CoresOfHost): number {
  const places = vcpus.map((cpu) => topology.cores.find((core) => core.cpus.includes(cpu)));
  const [first] = places;
  const threads = places.findIndex((core) => core !== first);
  const size = threads === -1 ? places.length : threads;
  const isEven = places.length % size === 0 && places.every((core, index) => core !== undefined && core === places[index - (index % size)]);
  const cores = new Set(places).size;
  return isEven && cores === places.length / size ? size : 1;
}
