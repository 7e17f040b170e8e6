import { shorten } from '../wrap.ts';
import type { Board } from '../cpu-board.ts';
import { type Mark, markOf, type Marking, type Role } from './cpu-marks.ts';
import { MOST_MISSING } from './cpu-picture.ts';
import { largeText } from '../cpu-words.ts';
import { html, type Html } from './markup.ts';

/** What a legend explains: only what is in the picture. */
export interface LegendRequest {
  readonly board: Board;
  readonly marking: Marking;
  readonly absent: readonly number[];
  /** The node of a GPU is marked. */
  readonly hasGpu: boolean;
  /** Names of the VMs, in the order of their numbers. */
  readonly names: readonly string[];
}

const ROLES: readonly (readonly [Role, string, string])[] = [
  ['vcpu', 'v0', 'vCPU 0 is pinned to this CPU alone'],
  ['shared', '~v0-3', 'vCPUs 0-3 are pinned to this CPU and others'],
  ['crowded', '!v0-1', 'more vCPUs than CPUs: they wait for each other'],
  ['emulator', 'E', 'QEMU’s own threads (the emulator)'],
  ['iothread', 'I1', 'I/O thread 1'],
  ['host', '', 'no pin of this VM'],
];

/** The signs of a picture and what they mean, as a list that wraps where there is little room. */
export function cpuLegend({ board, marking, absent, hasGpu, names }: LegendRequest): Html {
  const cpus = [...board.placeOf.keys(), ...board.offline.slice(0, MOST_MISSING), ...absent.slice(0, MOST_MISSING)];
  const marks = cpus.map((cpu) => markOf(cpu, marking));
  const cores = board.cells.flatMap((cell) => cell.cores);
  const entries = [
    ...(marking.tenancy === null ? [] : roleEntries(marks)),
    ...otherEntries(marking, names),
    ...(cores.some(({ threads }) => threads.length > 1) ? [entry('core', '', 'threads of one core (SMT)')] : []),
    ...(cores.some(({ kind }) => kind === 'efficiency') ? [entry('efficiency', '', 'efficiency core (E)')] : []),
    ...(board.cells.some(({ isLarge }) => isLarge)
      ? [entry('large', '', `cores with the ${board.isStacked ? 'large cache' : 'largest cache'} (${largeText(board.isStacked)})`)]
      : []),
    ...(hasGpu ? [entry('gpu', 'GPU', 'NUMA node that the GPU for the VM is attached to')] : []),
    ...(board.offline.length > 0 ? [entry('off', 'off', 'switched off')] : []),
    ...(absent.length > 0 ? [entry('absent', '99', 'pinned to, but not in this machine')] : []),
  ];
  return html`<ul class="cpu-legend">${entries}</ul>`;
}

function roleEntries(marks: readonly Mark[]): readonly Html[] {
  const roles = new Set(marks.map(({ role }) => role));
  const labels = marks.flatMap(({ lines }) => lines.slice(1));
  const isThere = (role: Role): boolean => {
    if (role === 'emulator') return labels.some((label) => label.startsWith('E'));
    if (role === 'iothread') return labels.some((label) => /^(?:E )?I/.test(label));
    return roles.has(role);
  };
  return ROLES.filter(([role]) => isThere(role)).map(([role, sample, words]) => entry(role, sample, words));
}

/** The other VMs with a CPU, by number. */
function otherEntries({ tenancy, others }: Marking, names: readonly string[]): readonly Html[] {
  if (tenancy === null) return [];
  const numbers = [...new Set([...others.values()].flat())].toSorted((a, b) => a - b);
  return numbers
    .slice(0, MOST_OTHERS)
    .map((number) => entry('other', `#${number}`, `${shorten(names[number - 1] ?? '', 60)} has a vCPU pinned here`));
}

const MOST_OTHERS = 8;

/** The sample repeats what stands in the picture, so that a reader hears only what it means. */
function entry(look: string, sample: string, words: string): Html {
  const shape = look === 'large' ? 'cpu-cell' : 'cpu-thread';
  const frame =
    look === 'core' ? html`<rect class="cpu-core" x="1" y="1" width="40" height="18" rx="3"/><path class="cpu-split" d="M21 1v18"/>` : null;
  const round = look === 'efficiency' ? html`<rect class="cpu-core is-efficiency" x="1" y="1" width="40" height="18" rx="8"/>` : null;
  const fill =
    frame === null && round === null ? html`<rect class="${shape} is-${look}" x="1" y="1" width="40" height="18" rx="3"/>` : null;
  return html`<li><svg class="cpu-key" viewBox="0 0 42 20" width="42" height="20" aria-hidden="true">${fill}${frame}${round}<text class="${sample.length > 4 ? 'cpu-mark is-long' : 'cpu-mark'}" x="21" y="14">${sample}</text></svg><span>${words}</span></li>`;
}
