import { usesLookingGlass } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { type Edit, setAttribute, setText } from '../../../src/domain/edit.ts';
import { failAt, type Finding, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Evidence, Outcome, RemedyStep } from '../../../src/engine/outcome.ts';
import type { Config } from '../../../src/config/schema.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { SharedMemoryFile } from '../../../src/facts/looking-glass.ts';
import type { MonitorMode } from '../../../src/facts/monitor-modes.ts';
import type { Reading } from '../../../src/host/reading.ts';
import { largestResolution, parseResolution, requiredMiB, type Resolution } from '../../../src/looking-glass/memory-size.ts';
import { type Release, releaseName } from '../../../src/looking-glass/release.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';
import { type LookingGlassMemory, lookingGlassMemories, releaseInUse } from '../display-looking-glass.ts';

const MIB = 1024 * 1024;
const FULL_HD: Resolution = { width: 1920, height: 1080 };
const B7: Release = { number: 7, isTagged: true };

export default defineDomainRule({
  id: 'domain/display/looking-glass-size',
  title: 'The shared memory of Looking Glass holds the frames of the resolution that is used',
  // Not a blocker: the domain runs, and a smaller picture is whole.
  severity: 'major',
  wantsHost: ['config', 'lookingGlassClient', 'lookingGlass', 'monitorModes'],
  applies: [usesLookingGlass],
  why: 'Memory that is too small cuts the lower part of the picture off; builds after B7 do not offer the resolution at all.',
  sources: ['https://looking-glass.io/docs/B7/install_libvirt/#determining-memory'],
  evaluate(document, facts) {
    const known = releaseInUse(facts);
    const context = {
      demand: demandOf(facts.config, facts.monitorModes),
      release: known?.release ?? null,
      seen: known === null ? [] : [known.evidence],
      files: facts.lookingGlass.ok ? facts.lookingGlass.value : [],
    };
    return lookingGlassMemories(document).flatMap((memory) => judge(document, memory, context) ?? []);
  },
});

/** A resolution that the guest is to have, and who says so. */
interface Demand {
  readonly resolution: Resolution;
  readonly because: string;
  /** The host's monitor only lets suppose it. */
  readonly isSure: boolean;
  readonly evidence: readonly Evidence[];
}

interface Context {
  readonly demand: Demand;
  /** Null: the host does not tell, so both formulas have to be thought of. */
  readonly release: Release | null;
  readonly seen: readonly Evidence[];
  readonly files: readonly SharedMemoryFile[];
}

const SMALLEST: Demand = { resolution: FULL_HD, because: 'the smallest usual screen', isSure: true, evidence: [] };

function demandOf(config: Attempt<Config>, monitors: Attempt<Reading<readonly MonitorMode[]>>): Demand {
  const written = config.ok ? (config.value.lookingGlass?.resolution ?? null) : null;
  const configured = parseResolution(written ?? '');
  if (configured !== null) {
    const evidence = [{ source: 'passcheck.yaml', observed: `lookingGlass.resolution: ${written}` }];
    return { resolution: configured, because: 'as passcheck.yaml says', isSure: true, evidence };
  }
  const modes = monitors.ok && monitors.value.state === 'ok' ? monitors.value.value : [];
  const largest = modes.toSorted((a, b) => pixels(b) - pixels(a))[0];
  if (largest === undefined || pixels(largest) <= FULL_HD.width * FULL_HD.height) return SMALLEST;
  const evidence = [{ source: largest.source, observed: nameOf(largest.resolution) }];
  return { resolution: largest.resolution, because: `the monitor at ${largest.connector}`, isSure: false, evidence };
}

function pixels({ resolution }: Pick<MonitorMode, 'resolution'>): number {
  return resolution.width * resolution.height;
}

function nameOf({ width, height }: Resolution): string {
  return `${width}x${height}`;
}

/** Null: what is written is no size, of which another rule speaks. */
function judge(document: DomainDocument, memory: LookingGlassMemory, context: Context): Outcome | null {
  const { sizeBytes, sizeSpot } = memory;
  if (sizeBytes === null) return null;
  const { release } = context;
  const size = sizeBytes / MIB;
  const demand = size < requiredMiB(FULL_HD, release) && !context.demand.isSure ? SMALLEST : context.demand;
  const releases = release === null ? [B7, null] : [release];
  const needs = releases.map((one) => requiredMiB(demand.resolution, one));
  const [least, most] = [Math.min(...needs), Math.max(...needs)];
  if (size >= most) return passAt(document, sizeSpot, praise(size, release));
  const isLater = size >= least;
  const needed = isLater ? most : least;
  const message = `${inMiB(size)} of shared memory, and ${nameOf(demand.resolution)} (${demand.because}) needs ${needed} MiB`;
  return failAt(document, sizeSpot, `${message}${versionWords(release, isLater)}`, {
    ...mend(document, memory, needed, { ...context, demand }),
    severity: isLater || !demand.isSure ? 'minor' : 'major',
  });
}

function versionWords(release: Release | null, isLater: boolean): string {
  if (isLater) return ' with builds after B7';
  return release === null ? '' : ` with ${releaseName(release)}`;
}

function praise(size: number, release: Release | null): string | undefined {
  const largest = largestResolution(size, release);
  return largest === null ? undefined : `${inMiB(size)}: enough for ${nameOf(largest)} without HDR, which needs twice as much`;
}

function inMiB(size: number): string {
  return `${Math.floor(size * 10) / 10} MiB`;
}

function mend(
  document: DomainDocument,
  memory: LookingGlassMemory,
  needed: number,
  { demand, seen, files }: Context,
): Omit<Finding, 'severity'> {
  const { way, path, sizeSpot, element } = memory;
  const evidence = [...demand.evidence, ...seen];
  if (way === 'argument') {
    const summary = `Load kvmfr with static_size_mb=${needed} (a power of two), and let the size in the argument be ${needed * MIB}`;
    return { expected: `size ${needed * MIB}`, evidence, remedy: { summary } };
  }
  const remedy = xmlRemedy(document, `Give the shared memory ${needed} MiB, and let QEMU make its file anew`, {
    inside: '<shmem>',
    write: `<size unit='M'>${needed}</size>`,
  });
  // QEMU refuses a file of another size: "backing store size … does not match 'size' option".
  const anew: RemedyStep = { run: `truncate -s 0 ${shellWord(path)}`, text: 'while the domain is off' };
  const edits: Edit[] =
    sizeSpot === element ? [] : [setText(document, sizeSpot, String(needed)), setAttribute(document, sizeSpot, 'unit', 'M')];
  return {
    expected: `<size unit='M'>${needed}</size>`,
    evidence,
    remedy: { ...remedy, steps: [...(remedy.steps ?? []), anew] },
    edits: fitsAnySize(path, files) ? edits : [],
  };
}

/** Only where the host shows that no file of the old size is there, the larger domain starts. */
function fitsAnySize(path: string, files: readonly SharedMemoryFile[]): boolean {
  const file = files.find((candidate) => candidate.path === path);
  if (file === undefined) return false;
  return file.stat.state === 'absent' || (file.stat.state === 'ok' && file.stat.value.kind === 'file' && file.stat.value.size === 0);
}
