import { type Connection, ConnectionError } from '../libvirt/connection.ts';
import { virshComplaint } from '../libvirt/virsh.ts';
import { type Attempt, refused } from './problem.ts';
import { answer, type Vm } from './read-vms.ts';

/** Time, so that tests need none. */
export interface Clock {
  now(): number;
  pause(ms: number): Promise<void>;
}

export interface StopOptions {
  /** Milliseconds for the agent and ACPI together. */
  readonly timeoutMs: number;
  /** Switch the power off when the guest does not go by itself. */
  readonly force: boolean;
  /** Told what is done now. */
  readonly say: (line: string) => void;
  readonly clock: Clock;
}

/** How a VM came to be off. */
export type Stopped = 'was off' | 'shut down' | 'power off';

const POLL_MS = 500;
const FORCE_MS = 60_000;
/** What a person may still do: the guest may be busy, or hang. */
const BY_HAND = 'Shut it down in the guest, or give it longer with --timeout; --force switches the power off, and data can be lost';

/**
 * Shuts a VM down: asks its agent, then presses the power button (ACPI), each for half of the time; an agent that cannot be asked leaves
 * all of it to ACPI. The power goes off only with `force`. Throws a {@link ConnectionError} when libvirt went away.
 */
export async function stopVm(connection: Connection, vm: Pick<Vm, 'uuid'>, options: StopOptions): Promise<Attempt<Stopped>> {
  const { clock, timeoutMs, force, say } = options;
  const state = await stateOf(connection, vm);
  if (state === 'shut off') return { ok: true, value: 'was off' };
  const began = clock.now();
  const end = began + timeoutMs;
  // libvirt asks no guest that does not run.
  const isDeaf = state === 'paused' || state === 'pmsuspended' || state === 'crashed';
  if (!isDeaf) {
    const isDown = (await stopped('agent', began + timeoutMs / 2)) || (await stopped('acpi', end));
    if (isDown) return { ok: true, value: 'shut down' };
  }
  if (force) return switchOff(connection, vm, say);
  if (isDeaf) return refused(`it is ${state}, so the guest cannot shut down`, wakeUp(state));
  return refused(`it still runs after ${Math.round((clock.now() - began) / 1000)} s`, BY_HAND);

  async function stopped(mode: 'agent' | 'acpi', until: number): Promise<boolean> {
    const complaint = await ask(connection, vm, { mode, timeoutMs: Math.max(1000, until - clock.now()) });
    if (complaint !== null) {
      say(mode === 'agent' ? `its guest agent was not asked: ${complaint.replace(NO_ANSWER, '')}` : `its power button: ${complaint}`);
      return isOff(connection, vm);
    }
    const waiting = `waiting ${Math.max(0, Math.round((until - clock.now()) / 1000))} s at most`;
    say(`${mode === 'agent' ? 'asked its guest agent to shut down' : 'pressed its power button (ACPI)'}, ${waiting}`);
    while (clock.now() < until) {
      if (await isOff(connection, vm)) return true;
      await clock.pause(Math.max(1, Math.min(POLL_MS, until - clock.now())));
    }
    return isOff(connection, vm);
  }
}

/** libvirt says it before it says why. */
const NO_ANSWER = /^Guest agent is not responding: /;

interface Question {
  readonly mode: 'agent' | 'acpi';
  readonly timeoutMs: number;
}

/** Null: it was asked; else why not. An agent that is there and does not answer holds virsh up. */
async function ask(connection: Connection, { uuid }: Pick<Vm, 'uuid'>, { mode, timeoutMs }: Question): Promise<string | null> {
  try {
    const { exitCode, stderr } = await connection.run(['shutdown', uuid, '--mode', mode], { timeoutMs });
    return exitCode === 0 ? null : virshComplaint(stderr);
  } catch (error) {
    if (error instanceof ConnectionError && mode === 'agent') return 'it does not answer';
    throw error;
  }
}

async function switchOff(connection: Connection, vm: Pick<Vm, 'uuid'>, say: (line: string) => void): Promise<Attempt<Stopped>> {
  say('switching its power off');
  const { exitCode, stderr } = await connection.run(['destroy', vm.uuid], { timeoutMs: FORCE_MS, outlives: true });
  if (exitCode === 0 || (await isOff(connection, vm))) return { ok: true, value: 'power off' };
  return refused(`libvirt did not switch it off: ${virshComplaint(stderr)}`, 'Look for its QEMU process in the journal of libvirt');
}

function wakeUp(state: string): string {
  if (state === 'paused') return 'Let it go on first (virsh resume), or switch the power off with --force: data can be lost';
  if (state === 'pmsuspended') return 'Wake it first (virsh dompmwakeup), or switch the power off with --force: data can be lost';
  return 'See its log in /var/log/libvirt/qemu, then switch the power off with --force';
}

async function isOff(connection: Connection, vm: Pick<Vm, 'uuid'>): Promise<boolean> {
  return (await stateOf(connection, vm)) === 'shut off';
}

async function stateOf(connection: Connection, { uuid }: Pick<Vm, 'uuid'>): Promise<string> {
  return (await answer(connection, ['domstate', uuid])).trim();
}
