import { el, type Tree } from '../tree.ts';
import { type Machine, usesKvm } from './machine.ts';

/** The processor that the guest sees: that of the host, as one processor with as many cores as the plan of its pins says. */
export function processor(machine: Machine): Tree {
  const { vm, pins } = machine;
  const { dies, cores, threads } = pins?.guest ?? { dies: 1, cores: vm.vcpus, threads: 1 };
  return el('cpu', model(machine), [
    el('topology', { sockets: 1, dies, cores, threads }),
    // Only where they are the same wherever QEMU asks for them, and the host's processor is shown.
    pins?.showsCaches === true && usesKvm(machine) ? el('cache', { mode: 'passthrough' }) : null,
    pins?.needsTopoext === true && usesKvm(machine) ? el('feature', { policy: 'require', name: 'topoext' }) : null,
  ]);
}

/** A VM with a device of the host cannot move, and loses the even clock of the processor for nothing where it says that it could. */
function model(machine: Machine): Readonly<Record<string, string>> {
  if (!usesKvm(machine)) return { mode: 'maximum', check: 'none' };
  return { mode: 'host-passthrough', check: 'none', migratable: machine.vm.gpu === undefined ? 'on' : 'off' };
}
