import { mapReading, ok, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { parseCpuList } from './cpu-list.ts';
import { readSiblings, understood } from './cpu-siblings.ts';
import { defineFact } from './fact.ts';
import { kernel, parameterValues } from './kernel.ts';
import { optional, readAttribute } from './read.ts';

/** Which CPUs are kept for somebody: what is in force, not what the command line asks for. */
export interface CpuIsolation {
  /** CPUs that are online. */
  readonly online: readonly number[];
  /** The scheduler does not balance load to these (`isolcpus`). A thread that may run on several of them stays on the first. */
  readonly isolated: readonly number[];
  /** The cores of the isolated CPUs, with every thread that is online or not. */
  readonly isolatedCores: readonly (readonly number[])[];
  /** What the kernel command line asks for with `isolcpus=`, as written. */
  readonly asked: readonly string[];
  /** No timer tick while one thread runs (`nohz_full`). Null: hidden. */
  readonly tickless: readonly number[] | null;
  /** RCU callbacks are done elsewhere; the kernel shows it on the command line only. Null: the list is not understood. */
  readonly withoutRcuCallbacks: readonly number[] | null;
  /** CPUs that interrupts go to unless told (`irqaffinity`). Empty: all. Null: the list is not understood. */
  readonly interruptCpus: readonly number[] | null;
  /** CPUs that the host's own programs are confined to (AllowedCPUs of system.slice, user.slice and init.scope); absent: any. */
  readonly hostPrograms: Reading<readonly number[]>;
  /** libvirt runs a script when a VM starts, which may isolate CPUs for as long as it runs. */
  readonly hasHook: Reading<boolean>;
}

export const ISOLATED_PATH = '/sys/devices/system/cpu/isolated';
export const CGROUP_FOLDER = '/sys/fs/cgroup';
export const HOOK_PATHS = ['/etc/libvirt/hooks/qemu', '/etc/libvirt/hooks/qemu.d'] as const;
const CPU_FOLDER = '/sys/devices/system/cpu';

export const cpuIsolation = defineFact({
  id: 'cpuIsolation',
  needs: { kernel },
  collect(host, facts): CpuIsolation {
    const online = cpus(host, `${CPU_FOLDER}/online`);
    const isolated = cpus(host, ISOLATED_PATH);
    const last = (name: string): string => parameterValues(facts.kernel, name).at(-1) ?? '';
    return {
      online,
      isolated,
      isolatedCores: isolated.map((cpu) => readSiblings(host, cpu) ?? [cpu]),
      asked: parameterValues(facts.kernel, 'isolcpus'),
      tickless: ticklessCpus(readAttribute(host, `${CPU_FOLDER}/nohz_full`)),
      withoutRcuCallbacks: last('rcu_nocbs') === 'all' ? online : parseCpuList(last('rcu_nocbs')),
      interruptCpus: parseCpuList(last('irqaffinity')),
      hostPrograms: hostPrograms(host),
      hasHook: hook(host),
    };
  },
});

/** The CPUs of a list; none when there is no such file: the kernel was built without the feature. */
function cpus(host: HostSource, source: string): readonly number[] {
  const text = optional(source, readAttribute(host, source));
  return understood(source, parseCpuList(text ?? ''));
}

/** No such file: a kernel without the feature. It decides no verdict. */
function ticklessCpus(list: Reading<string>): readonly number[] | null {
  return list.state === 'unreadable' ? null : parseCpuList(list.state === 'ok' ? list.value : '');
}

/**
 * The CPUs of all three together. A part that is not confined may run anywhere, and then so may the host. Absent too
 * under cgroup v1, which systemd does not confine this way.
 */
function hostPrograms(host: HostSource): Reading<readonly number[]> {
  const all = new Set<number>();
  for (const part of ['system.slice', 'user.slice', 'init.scope']) {
    const text = readAttribute(host, `${CGROUP_FOLDER}/${part}/cpuset.cpus`);
    if (text.state !== 'ok') return text;
    const list = parseCpuList(text.value);
    if (list === null || list.length === 0) return { state: 'absent' };
    for (const cpu of list) all.add(cpu);
  }
  return ok([...all].toSorted((a, b) => a - b));
}

function hook(host: HostSource): Reading<boolean> {
  for (const path of HOOK_PATHS) {
    const stat = host.stat(path);
    if (stat.state !== 'absent') return mapReading(stat, () => true);
  }
  return ok(false);
}
