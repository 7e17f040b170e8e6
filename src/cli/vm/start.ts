import { openState } from '../../provision/state/session.ts';
import { readSnapshots, snapshotsOf } from '../../vm/snapshot/store.ts';
import { startVm } from '../../vm/start.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { askedVm, withVm } from './asked-vm.ts';
import { tellProblems } from './problem-lines.ts';
import type { ConnectionOptions } from './vm-options.ts';

/** `passcheck vm start` */
export async function start(name: string, options: ConnectionOptions, io: Io): Promise<void> {
  await withVm(name, options, io, async ({ connection, vm: { uuid } }) => {
    const state = await openState(connection.uri, { command: 'vm start' });
    try {
      const { vm } = await askedVm(connection, uuid);
      const { unfinished } = readSnapshots(snapshotsOf(state.folder, uuid));
      if (unfinished !== null && vm.state === 'shut off') {
        const message = `a revert to ${unfinished.name} has not ended, so its disks, firmware settings and TPM are of different times`;
        tellProblems(io, vm.name, [{ message, fix: `Do the revert again: passcheck vm revert ${vm.name} ${unfinished.name}` }]);
        io.exitCode = 1;
        return;
      }
      const started = await withProgress(io, `starting ${vm.name}`, startVm(connection, vm));
      if (started.ok) {
        io.note(`${vm.name}: ${started.value}`);
        return;
      }
      tellProblems(io, vm.name, started.problems);
      io.exitCode = 1;
    } finally {
      await state.close();
    }
  });
}
