import type { Machine } from '../machine.ts';
import { shorten } from '../wrap.ts';
import type { Board } from '../cpu-board.ts';
import { crowdedGroups, type Fact } from '../cpu-facts.ts';
import { gpuNodes, type PlacedGpu, placedGpus } from '../cpu-gpus.ts';
import { cpuLegend } from './cpu-legend.ts';
import type { Marking } from './cpu-marks.ts';
import { cpuPicture } from './cpu-picture.ts';
import { cpuSummary, summaryRest } from './cpu-summary.ts';
import type { Tenancy } from '../cpu-tenants.ts';
import { cellTitle, cpusText, packageTitle } from '../cpu-words.ts';
import { html, type Html } from './markup.ts';

/** Of a larger machine only the caches are drawn. */
const MOST_CPUS = 1024;
const MOST_CELLS = 64;
/** A host has fewer VMs than these that are marked beside one. */
const MOST_OTHERS = 32;

/** A VM as its picture needs it. */
export interface Tenant {
  /** From 1, in the order of the report. */
  readonly number: number;
  readonly name: string;
  readonly tenancy: Tenancy;
  readonly facts: readonly Fact[];
  readonly gpus: readonly PlacedGpu[];
}

/** The processors, and where one VM runs on them, with a legend; without a VM the processors alone. */
export function cpuFigure(board: Board, tenant: Tenant | null, machine: Machine): Html {
  const {
    inventory: { host },
    vms,
  } = machine;
  const tenancy = tenant?.tenancy ?? null;
  const marking: Marking = {
    tenancy,
    crowded: new Set(tenancy === null ? [] : crowdedGroups(tenancy, board)),
    others: tenant === null ? new Map() : othersBeside(tenant, vms),
  };
  const absent = tenancy === null ? [] : absentOf(tenancy, board);
  const number = tenant?.number ?? 1;
  const where = shorten(host ?? 'the host', 60);
  const title = tenant === null ? `The processors of ${where}` : `As defined: where ${shorten(tenant.name, 80)} runs on ${where}`;
  const nodes = gpuNodes(tenant?.gpus ?? placedGpus(machine, null), board);
  const request = { board, marking, absent, gpuNodes: nodes, id: `cpu-${number}`, title, description: description(tenant, board) };
  const isLarge = board.placeOf.size > MOST_CPUS || board.cells.length > MOST_CELLS;
  return html`<figure class="cpu-figure">
${tenant === null ? null : caption(tenant)}<div class="wide" tabindex="0" role="region" aria-label="Picture ${number}: ${title}">
${isLarge ? cpuSummary(request) : cpuPicture(request)}
</div>
<figcaption>${isLarge ? largeNote(board) : cpuLegend({ board, marking, absent, hasGpu: nodes.size > 0, names: vms.map(({ name }) => name) })}</figcaption>
</figure>`;
}

/** What `passcheck pins` draws looks alike, and says something else. */
function caption({ name }: Tenant): Html {
  return html`<p class="cpu-caption"><b>As defined: ${shorten(name, 80)}</b> <span>the pins that its definition has; <code>passcheck pins</code> proposes a plan</span></p>
`;
}

function largeNote(board: Board): Html {
  return html`<p>${board.placeOf.size} CPUs in ${board.cells.length} caches are too many to draw each: the picture has a frame for each cache. ${summaryRest(board)}</p>`;
}

/** By CPU the numbers of the other VMs that have a vCPU pinned to it. */
function othersBeside({ number }: Tenant, vms: Machine['vms']): ReadonlyMap<number, readonly number[]> {
  const others = new Map<number, number[]>();
  for (const [index, { pins }] of vms.slice(0, MOST_OTHERS).entries()) {
    if (index + 1 === number) continue;
    const cpus = new Set<number>();
    for (const place of pins.vcpus) for (const cpu of place.cpus ?? []) cpus.add(cpu);
    for (const cpu of cpus) {
      const numbers = others.get(cpu);
      if (numbers === undefined) others.set(cpu, [index + 1]);
      else numbers.push(index + 1);
    }
  }
  return others;
}

function absentOf({ byCpu }: Tenancy, { placeOf, isOff }: Board): readonly number[] {
  return [...byCpu.keys()].filter((cpu) => !placeOf.has(cpu) && !isOff.has(cpu)).toSorted((a, b) => a - b);
}

/** The picture for whoever does not see it; all of it is in the tables, too. */
function description(tenant: Tenant | null, board: Board): string {
  const packages = board.packages.slice(0, 8).map((one) => {
    const cells = one.cells.slice(0, 16).map((cell) => {
      const cpus = cell.cores.flatMap(({ threads }) => threads);
      return `${cellTitle(cell, board, true)}: ${cpusText(cpus)}`;
    });
    return `${packageTitle(one)}. ${cells.join('. ')}.`;
  });
  return shorten([...(tenant?.facts ?? []).map(({ text }) => text), ...packages].join(' '), 4000);
}
