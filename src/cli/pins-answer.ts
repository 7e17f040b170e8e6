import type { Config } from '../config/schema.ts';
import { type DomainDocument, readDocuments } from '../domain/document.ts';
import { DomainXmlError } from '../domain/xml-error.ts';
import { createFactStore, type FactStore } from '../engine/fact-store.ts';
import { formatCpuList } from '../facts/cpu-list.ts';
import { facts } from '../facts/registry.ts';
import type { HostSource } from '../host/source.ts';
import { othersOf } from '../pinning/beside.ts';
import { type DomainRequest, domainRequest } from '../pinning/domain-request.ts';
import { findGpu } from '../pinning/gpu.ts';
import { lookAtHost, type PinsHost } from '../pinning/host.ts';
import type { PinRequest, Refusal } from '../pinning/model.ts';
import { type PinResult, pinResult, type PinSubject, refusedResult } from '../pinning/result.ts';
import { kernelParameterSteps } from '../remedy/kernel-parameters.ts';
import { UsageError } from '../usage-error.ts';
import type { DomainInput } from './domain-input.ts';
import { openInputs } from './domain-inputs.ts';

/** What is asked, and of which host. */
export interface PinsQuestion {
  readonly vcpus?: number;
  readonly hostCores?: number;
  readonly gpu?: string;
  /** CPUs that other work has. */
  readonly avoid?: readonly number[];
  /** A file, a domain of libvirt or `-`. */
  readonly definition: string | undefined;
  readonly host: HostSource;
  readonly config: Config;
}

/** The definition that was named. */
export interface PinsTarget {
  readonly input: DomainInput;
  readonly document: DomainDocument;
}

/** What `passcheck pins` found. */
export interface PinsFound {
  readonly result: PinResult;
  readonly target: PinsTarget | null;
  /** How this host's kernel gets the words of the plan. */
  readonly kernelSteps: readonly string[];
}

/** Looks at the host and plans. `unseen`: what could not be looked at. */
export async function answerPins(question: PinsQuestion): Promise<PinsFound | { readonly unseen: string }> {
  const store = createFactStore({ host: question.host, context: { config: question.config }, now: () => 0 });
  const target = question.definition === undefined ? null : await openTarget(question.definition, store, question.config.connection);
  const [host, passthrough, defined] = await Promise.all([
    lookAtHost(store),
    store.get(facts.passthrough),
    store.get(facts.definedDocuments),
  ]);
  if ('unseen' in host) return host;
  refuseUnknownCpus(question.avoid ?? [], host);
  const asked = target === null ? null : domainRequest(target.document);
  const request = asked !== null && 'request' in asked ? asked.request : null;
  const subject = { domain: target?.document.domain.name ?? null, notes: request?.notes ?? [] };
  const refuse = (refusal: Refusal): PinsFound => ({ result: refusedResult(host, subject, refusal), target, kernelSteps: [] });
  if (asked !== null && 'refusal' in asked) return refuse(asked.refusal);
  const gpu = findGpu({ ...host, asked: question.gpu ?? null, given: request?.devices ?? null, passthrough });
  if ('unseen' in gpu) return gpu;
  if ('refusal' in gpu) return refuse(gpu.refusal);
  const { others, notes } = othersOf({ document: target?.document ?? null, gpu: gpu.gpu }, defined);
  const all = { ...subject, notes: [...subject.notes, ...notes, ...(gpu.note === undefined ? [] : [gpu.note])] };
  const result = planned(question, host, request, { gpu: gpu.gpu, others }, all);
  return { result, target, kernelSteps: await kernelSteps(store, result) };
}

function refuseUnknownCpus(avoid: readonly number[], { topology: { online, offline } }: PinsHost): void {
  const known = [...online, ...offline].toSorted((a, b) => a - b);
  const there = new Set(known);
  const unknown = avoid.filter((cpu) => !there.has(cpu));
  if (unknown.length === 0) return;
  const words = `this host has no CPU ${formatCpuList(unknown)}; its CPUs are ${formatCpuList(known)}`;
  throw new UsageError(`--avoid ${formatCpuList(avoid)}: ${words}`);
}

function planned(
  question: PinsQuestion,
  host: PinsHost,
  request: DomainRequest | null,
  found: Pick<PinRequest, 'gpu' | 'others'>,
  subject: PinSubject,
): PinResult {
  return pinResult(
    {
      ...host,
      ...found,
      avoid: question.avoid ?? [],
      vcpus: question.vcpus ?? request?.vcpus ?? null,
      hostCores: question.hostCores ?? null,
      // Without a definition one I/O thread is assumed: for the disk.
      iothreads: request?.iothreads ?? [1],
      memoryKiB: request?.memoryKiB ?? null,
      usesHugepages: request?.usesHugepages ?? false,
    },
    subject,
  );
}

async function openTarget(definition: string, store: FactStore, connection: string): Promise<PinsTarget> {
  const [input] = await openInputs([definition], store, connection);
  if (input === undefined || input.text === null) throw new UsageError(`${definition}: ${input?.problem?.reason ?? 'there is no text'}`);
  const documents = read(input, input.text);
  const [document, ...others] = documents;
  if (document === undefined || others.length > 0)
    throw new UsageError(`${input.label} holds ${documents.length} domains: a plan is for one, name a file with one`);
  return { input, document };
}

function read({ label, origin }: DomainInput, text: string): readonly DomainDocument[] {
  try {
    return readDocuments({ label, text, isDefined: origin === 'libvirt' });
  } catch (error) {
    if (!(error instanceof DomainXmlError)) throw error;
    throw new UsageError(`${label}:${error.line}:${error.column}: ${error.message}`, { cause: error });
  }
}

async function kernelSteps(store: FactStore, { plan }: PinResult): Promise<readonly string[]> {
  const platform = await store.get(facts.platform);
  if (plan === null || !platform.ok) return [];
  const add = plan.isolation.kernel.map(({ option }) => option);
  return kernelParameterSteps(platform.value, { add }).map(({ file, text, run, line }) =>
    [file, text ?? line, run].flatMap((part) => part ?? []).join(': '),
  );
}
