import type { Connection } from '../libvirt/connection.ts';
import { virshComplaint } from '../libvirt/virsh.ts';
import type { Attempt } from './problem.ts';
import { refused } from './problem.ts';
import type { Vm } from './read-vms.ts';
import { startHint } from './start-hint.ts';

/** `runs already`: nothing was done. */
export type Started = 'runs already' | 'started';

/** QEMU first touches all memory of a VM with hugepages or a GPU. */
const START_MS = 300_000;

/** Starts a VM that is off. Throws a `ConnectionError` when libvirt did not answer. */
export async function startVm(connection: Connection, { uuid, state }: Pick<Vm, 'uuid' | 'state'>): Promise<Attempt<Started>> {
  if (state === 'running' || state === 'idle') return { ok: true, value: 'runs already' };
  const other = OTHER_STATES[state];
  if (other !== undefined) return refused(`it is ${state}`, other);
  const { exitCode, stderr } = await connection.run(['start', uuid], { timeoutMs: START_MS, outlives: true });
  if (exitCode === 0) return { ok: true, value: 'started' };
  // Somebody else was faster.
  if (/Domain is already active/.test(stderr)) return { ok: true, value: 'runs already' };
  return refused(complaint(stderr), startHint(stderr));
}

const OTHER_STATES: Readonly<Record<string, string>> = {
  paused: 'Let it go on: virsh resume (a full disk pauses VMs, too: virsh domblkerror)',
  pmsuspended: 'Wake it: virsh dompmwakeup',
  'in shutdown': 'Wait until it is off, then start it again',
  crashed: 'See its log in /var/log/libvirt/qemu, then switch it off: passcheck vm stop --force',
};

/** Behind libvirt's own words stands what QEMU printed, with the time and its name. */
function complaint(stderr: string): string {
  return virshComplaint(stderr).replace(
    /^internal error: (?:qemu unexpectedly closed the monitor|process exited while connecting to monitor): \S+ [^\s:]+: /,
    'QEMU: ',
  );
}
