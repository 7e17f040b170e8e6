import { planXml } from './fragments.ts';
import { type Isolation, isolationOf } from './isolation.ts';
import type { PinnedGpu, PinPlan, PinRequest, Refusal } from './model.ts';
import { type Picture, pictureOf } from './picture.ts';
import { planPins } from './plan.ts';

/** What `passcheck pins` answers, as plain data: every output is made of it. docs/pins.md names its keys. */
export interface PinResult {
  readonly host: {
    /** As the kernel names the processor; null: not known. */
    readonly processor: string | null;
    readonly cores: number;
    readonly cpus: number;
  };
  /** The VM whose definition was given. */
  readonly domain: string | null;
  readonly gpu: PinnedGpu | null;
  readonly plan: (PinPlan & { readonly xml: string; readonly isolation: Isolation }) | null;
  readonly refusal: Refusal | null;
  readonly picture: Picture;
}

/** Whose plan it is. */
export interface PinSubject {
  readonly domain: string | null;
  /** More to say about the plan than the planner knows. */
  readonly notes: readonly string[];
}

/** Plans, and adds what a plan is used with: XML, isolation and a picture. */
export function pinResult(request: PinRequest, subject: PinSubject): PinResult {
  const answer = planPins(request);
  if ('refusal' in answer) return { ...refusedResult(request, subject, answer.refusal), gpu: request.gpu };
  const { plan } = answer;
  const { domain, notes } = subject;
  return {
    host: hostOf(request),
    domain,
    gpu: request.gpu,
    plan: { ...plan, notes: [...notes, ...plan.notes], xml: planXml(plan), isolation: isolationOf(plan, domain) },
    refusal: null,
    picture: pictureOf(request, plan),
  };
}

/** There is no plan: the picture shows what the host has. */
export function refusedResult(request: Pick<PinRequest, 'topology' | 'processor'>, subject: PinSubject, refusal: Refusal): PinResult {
  return { host: hostOf(request), domain: subject.domain, gpu: null, plan: null, refusal, picture: pictureOf(request, null) };
}

function hostOf({ topology, processor }: Pick<PinRequest, 'topology' | 'processor'>): PinResult['host'] {
  return { processor, cores: topology.cores.length, cpus: topology.online.length };
}
