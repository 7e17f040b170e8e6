import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { type DomainDocument, readDocuments } from '../domain/document.ts';
import { createFactStore } from '../engine/fact-store.ts';
import { formatCpuList } from '../facts/cpu-list.ts';
import type { HostSource } from '../host/source.ts';
import { pinnedBeside } from '../pinning/beside.ts';
import { domainRequest } from '../pinning/domain-request.ts';
import { findGpu } from '../pinning/gpu.ts';
import { lookAtHost, type PinsHost } from '../pinning/host.ts';
import type { Refusal } from '../pinning/model.ts';
import { planPins } from '../pinning/plan.ts';
import { type DesireContext, machinesOf } from './desire.ts';
import { domainTree } from './render/domain.ts';
import { type ExplicitPins, explicitLayout } from './render/explicit-pins.ts';
import type { Machine, PinLayout } from './render/machine.ts';
import type { Spec } from './spec/model.ts';
import { treeText } from './tree.ts';

/** Where the threads of a VM run and what to know of it, or why nobody can say. */
export type VmPins = { readonly layout: PinLayout; readonly notes: readonly string[] } | { readonly refusal: Refusal };

/** What pins are planned from, beside the spec. */
export interface PinsContext extends Omit<DesireContext, 'pins'> {
  readonly host: PinsHost | { readonly unseen: string };
  /** The domains of libvirt. Those of the spec do not count, so that it is the same before and after they are there. */
  readonly defined: readonly DomainDocument[];
}

/** Does anything ask for a look at the processor? */
export function hasPins(spec: Spec): boolean {
  return Object.values(spec.vms).some(({ pins }) => pins !== undefined);
}

/** What the host shows of its processor and devices. No program is run for it. */
export function lookForPins(host: HostSource): Promise<PinsHost | { readonly unseen: string }> {
  return lookAtHost(createFactStore({ host, context: { config: DEFAULT_CONFIG }, now: () => 0 }));
}

/**
 * Where the VMs run that have pins. VMs of libvirt that are not in the spec have what they have; then come those whose CPUs the
 * spec names; the others follow in its order, each beside all before it.
 */
export function planVmPins(spec: Spec, context: PinsContext): ReadonlyMap<string, VmPins> {
  const machines = machinesOf(spec, { ...context, pins: new Map() });
  const named = machines.flatMap((machine) => {
    const { pins } = machine.vm;
    return typeof pins === 'object' ? [{ machine, answer: explicit(machine, pins, context) }] : [];
  });
  const found = new Map(named.map(({ machine, answer }) => [machine.name, answer]));
  const beside = [...foreign(machines, context), ...named.flatMap(({ machine, answer }) => pinnedDocument(machine, answer))];
  for (const machine of machines.filter(({ vm }) => vm.pins === 'auto')) {
    const answer = planned(machine, beside, context);
    found.set(machine.name, answer);
    beside.push(...pinnedDocument(machine, answer));
  }
  return found;
}

/** Those that have a place, for `desire`. */
export function layoutsOf(answers: ReadonlyMap<string, VmPins>): DesireContext['pins'] {
  return new Map([...answers].flatMap(([name, answer]) => ('layout' in answer ? [[name, answer.layout] as const] : [])));
}

function foreign(machines: readonly Machine[], { defined }: PinsContext): readonly DomainDocument[] {
  const own = new Set(machines.flatMap(({ name, uuid }) => [name, uuid]));
  return defined.filter(({ domain }) => !own.has(domain.name) && !own.has(domain.uuid?.toLowerCase() ?? ''));
}

function explicit({ vm, disks }: Machine, pins: ExplicitPins, { host }: PinsContext): VmPins {
  if ('unseen' in host) return { layout: explicitLayout(pins, { vm, disks, host: null }), notes: [] };
  const layout = explicitLayout(pins, { vm, disks, host });
  const online = new Set(host.topology.online);
  const asked = [...layout.vcpus, ...layout.emulator, ...layout.iothreads.flatMap(({ cpus }) => cpus)];
  const missing = [...new Set(asked)].filter((cpu) => !online.has(cpu)).toSorted((a, b) => a - b);
  if (missing.length === 0) return { layout, notes: [] };
  return {
    refusal: {
      reason: `pins name CPU ${formatCpuList(missing)}, and this host has ${formatCpuList(host.topology.online)} online`,
      instead: 'name CPUs that are online, or write pins: auto',
    },
  };
}

function planned(machine: Machine, beside: readonly DomainDocument[], { host }: PinsContext): VmPins {
  if ('unseen' in host) return { refusal: { reason: `could not look at the processor: ${host.unseen}`, instead: BY_HAND } };
  const document = documentOf(machine);
  const asked = domainRequest(document);
  if ('refusal' in asked) return { refusal: inSpecWords(asked.refusal) };
  const gpu = findGpu({ ...host, asked: null, given: asked.request.devices, passthrough: null });
  if ('unseen' in gpu) return { refusal: { reason: `could not look at the devices: ${gpu.unseen}`, instead: BY_HAND } };
  if ('refusal' in gpu) return { refusal: inSpecWords(gpu.refusal) };
  const others = pinnedBeside({ document, gpu: null }, beside);
  const answer = planPins({ ...host, ...asked.request, gpu: gpu.gpu, others, avoid: [], hostCores: null });
  if ('refusal' in answer) return { refusal: inSpecWords(answer.refusal) };
  return { layout: answer.plan, notes: [...(gpu.note === undefined ? [] : [gpu.note]), ...answer.plan.notes] };
}

function pinnedDocument(machine: Machine, answer: VmPins): readonly DomainDocument[] {
  return 'layout' in answer ? [documentOf({ ...machine, pins: answer.layout })] : [];
}

function documentOf(machine: Machine): DomainDocument {
  const [document] = readDocuments({ label: machine.name, text: treeText(domainTree(machine)) });
  if (document === undefined) throw new Error(`the definition of ${machine.name} is no domain`);
  return document;
}

const BY_HAND = 'name the CPUs under pins yourself';

/** The planner speaks of the options of `passcheck pins`, most of which a spec does not have. */
function inSpecWords({ reason, instead }: Refusal): Refusal {
  const counts = [...instead.matchAll(/--vcpus (\d+)/g)].map(([, count]) => count ?? '');
  if (counts.length > 0) return { reason, instead: `give the VM ${counts.join(' or ')} vCPUs, or ${BY_HAND}` };
  return { reason, instead: instead.includes('--') ? BY_HAND : instead };
}
