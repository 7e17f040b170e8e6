import { setTimeout as pause } from 'node:timers/promises';

import type { Connection } from '../../libvirt/connection.ts';
import type { Attempt } from '../../vm/problem.ts';
import type { Vm } from '../../vm/read-vms.ts';
import { type Clock, type Stopped, stopVm } from '../../vm/stop.ts';
import type { Io } from '../io.ts';
import { withVm } from './asked-vm.ts';
import { tellProblems } from './problem-lines.ts';
import type { ConnectionOptions } from './vm-options.ts';

export interface StopOptions extends ConnectionOptions {
  /** Milliseconds. */
  readonly timeout: number;
  readonly force?: boolean;
}

const CLOCK: Clock = { now: () => performance.now(), pause: (ms) => pause(ms) };

/** `passcheck vm stop` */
export async function stop(name: string, options: StopOptions, io: Io): Promise<void> {
  await withVm(name, options, io, async ({ connection, vm }) => {
    const stopped = await stopAloud(connection, vm, options, io);
    if (stopped.ok) {
      io.note(`${vm.name}: ${WORDS[stopped.value]}`);
      return;
    }
    tellProblems(io, vm.name, stopped.problems);
    io.exitCode = 1;
  });
}

const WORDS: Readonly<Record<Stopped, string>> = {
  'was off': 'is off already',
  'shut down': 'shut down',
  'power off': 'its power was switched off',
};

/** Shuts a VM down, and says what it does meanwhile. */
export function stopAloud(
  connection: Connection,
  vm: Pick<Vm, 'uuid' | 'name'>,
  { timeout, force = false }: Pick<StopOptions, 'timeout' | 'force'>,
  io: Pick<Io, 'note'>,
): Promise<Attempt<Stopped>> {
  return stopVm(connection, vm, {
    timeoutMs: timeout,
    force,
    say: (line) => tellProblems(io, vm.name, [{ message: line, fix: null }]),
    clock: CLOCK,
  });
}
