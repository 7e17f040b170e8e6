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
export function isolationOf({ vcpus, host, avoided }: Pick<PinPlan, 'vcpus' | 'host' | 'avoided'>, domain: string | null): Isolation {
  const guest = formatCpuList(vcpus);
  const others = formatCpuList(host);
  const all = formatCpuList([...vcpus, ...host, ...avoided]);
  return {
    start: SLICES.map((slice) => `systemctl set-property --runtime -- ${slice} AllowedCPUs=${others}`),
    stop: SLICES.map((slice) => `systemctl set-property --runtime -- ${slice} AllowedCPUs=${all}`),
    hook: { path: `${HOOK_PATH}-${fileName(domain ?? 'NAME')}`, text: hookText(domain ?? 'NAME', guest, all) },
    kernel: [
      { option: `nohz_full=${guest}`, why: 'no timer tick on a CPU that runs one vCPU; with it RCU callbacks are done elsewhere' },
      { option: `rcu_nocbs=${guest}`, why: 'RCU callbacks are done elsewhere, for kernels without nohz_full (CONFIG_NO_HZ_FULL)' },
      { option: `irqaffinity=${others}`, why: 'interrupts go to the host’s CPUs unless a driver or irqbalance moves them' },
    ],
  };
}

/** A folder for several scripts; since libvirt 6.5. https://libvirt.org/hooks.html */
const HOOK_PATH = '/etc/libvirt/hooks/qemu.d/passcheck-cpus';

/**
 * libvirt gives the name of the domain, the operation and its part, and does not start the VM when the script fails. Each
 * VM that runs has a file with its CPUs, and the host gets what is in none of them.
 */
function hookText(domain: string, guest: string, all: string): string {
  return [
    '#!/bin/sh',
    '# Keeps the host off the CPUs of a VM while it runs. Made by passcheck pins.',
    '# For one VM: the scripts of others may stand beside it.',
    `[ "$1" = ${quoted(domain)} ] || exit 0`,
    `state=${STATE_FOLDER}`,
    `file=$state/${fileName(domain)}`,
    'umask 022',
    'case "$2/$3" in',
    '  prepare/begin|release/end) mkdir -p "$state" || exit 0 ;;',
    '  *) exit 0 ;;',
    'esac',
    '# Two VMs that start at once take turns.',
    'exec 9>"$state.lock" && flock -w 10 9',
    'case "$2" in',
    `  prepare) echo ${quoted(guest)} >"$file" ;;`,
    '  release) rm -f "$file" ;;',
    'esac',
    ...EXPAND,
    'taken=" $(for used in "$state"/*; do [ -f "$used" ] && expand "$(cat "$used")"; done | tr "\\n" " ") "',
    'free=',
    `for one in $(expand ${all}); do`,
    '  case "$taken" in *" $one "*) ;; *) free="$free${free:+,}$one" ;; esac',
    'done',
    '[ -n "$free" ] || exit 0',
    `for part in ${SLICES.join(' ')}; do`,
    '  systemctl set-property --runtime -- "$part" "AllowedCPUs=$free"',
    'done',
    'exit 0',
    '',
  ].join('\n');
}

/** `expand 0-2,5` prints 0, 1, 2 and 5. */
const EXPAND = [
  '# 0-2,5 becomes 0 1 2 5',
  'expand() {',
  '  for part in $(echo "$1" | tr , " "); do',
  '    cpu=${part%-*}',
  '    while [ "$cpu" -le "${part#*-}" ]; do',
  '      echo "$cpu"',
  '      cpu=$((cpu + 1))',
  '    done',
  '  done',
  '}',
];

/** Lost at the next boot, as what systemd is told with `--runtime`. */
const STATE_FOLDER = '/run/passcheck-cpus';

/** A name of a VM as a name of a file: what is not a letter, a digit, `-` or `_` is written as its bytes. */
function fileName(domain: string): string {
  const bytes = [...new TextEncoder().encode(domain)].map((byte) => {
    const char = String.fromCodePoint(byte);
    return /[\w-]/.test(char) ? char : `%${byte.toString(16).padStart(2, '0')}`;
  });
  // A file's name has at most 255 bytes.
  return bytes.join('').slice(0, 200);
}

/** A name can hold quotes and worse. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
