import { formatCpuList } from '../facts/cpu-list.ts';
import type { PinPlan } from './model.ts';

/** How to keep the host's work off the CPUs of a VM. */
export interface Isolation {
  /** Commands for root that confine the host's programs while the VM runs, and that set them free again. */
  readonly start: readonly string[];
  readonly stop: readonly string[];
  /** A script of libvirt that does both by itself. */
  readonly hook: { readonly path: string; readonly text: string };
  /** Words for the kernel's command line, for those who want less than cpusets leave. */
  readonly kernel: readonly { readonly option: string; readonly why: string }[];
}

/** Everything that systemd starts, but for the VMs, which are in machine.slice. */
const SLICES = ['system.slice', 'user.slice', 'init.scope'];

/**
 * cpusets by systemd (cgroup v2), which hold only while the VM runs: `isolcpus` takes the CPUs from the host for good, and
 * the kernel's documentation calls it deprecated. `domain` is the name of the VM; null: any with a GPU of the host.
 * https://docs.kernel.org/admin-guide/kernel-parameters.html https://www.freedesktop.org/software/systemd/man/systemd.resource-control.html
 */
export function isolationOf({ vcpus, host }: Pick<PinPlan, 'vcpus' | 'host'>, domain: string | null): Isolation {
  const guest = formatCpuList(vcpus);
  const others = formatCpuList(host);
  const all = formatCpuList([...vcpus, ...host]);
  return {
    start: SLICES.map((slice) => `systemctl set-property --runtime -- ${slice} AllowedCPUs=${others}`),
    stop: SLICES.map((slice) => `systemctl set-property --runtime -- ${slice} AllowedCPUs=${all}`),
    hook: { path: HOOK_PATH, text: hookText(domain, others, all) },
    kernel: [
      { option: `nohz_full=${guest}`, why: 'no timer tick on a CPU that runs one vCPU; with it RCU callbacks are done elsewhere' },
      { option: `rcu_nocbs=${guest}`, why: 'RCU callbacks are done elsewhere, for kernels without nohz_full (CONFIG_NO_HZ_FULL)' },
      { option: `irqaffinity=${others}`, why: 'interrupts go to the host’s CPUs unless a driver or irqbalance moves them' },
    ],
  };
}

/** A folder for several scripts; since libvirt 6.5. https://libvirt.org/hooks.html */
const HOOK_PATH = '/etc/libvirt/hooks/qemu.d/passcheck-cpus';

/** libvirt gives the name of the domain, the operation and its part, and does not start the VM when the script fails. */
function hookText(domain: string | null, others: string, all: string): string {
  return [
    '#!/bin/sh',
    '# Keeps the host off the CPUs of a VM while it runs. Made by passcheck pins.',
    `[ "$1" = ${quoted(domain ?? 'NAME')} ] || exit 0`,
    'case "$2/$3" in',
    `  prepare/begin) cpus=${others} ;;`,
    `  release/end) cpus=${all} ;;`,
    '  *) exit 0 ;;',
    'esac',
    `for part in ${SLICES.join(' ')}; do`,
    '  systemctl set-property --runtime -- "$part" "AllowedCPUs=$cpus"',
    'done',
    'exit 0',
    '',
  ].join('\n');
}

/** A name can hold quotes and worse. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
