import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../src/config/defaults.ts';
import { type DomainDocument, readDocuments } from '../src/domain/document.ts';
import { createFactStore } from '../src/engine/fact-store.ts';
import type { Attempt } from '../src/facts/fact.ts';
import { type FactId, facts } from '../src/facts/registry.ts';
import { openHost } from '../src/host/open.ts';
import { applyPlan } from '../src/pinning/apply.ts';
import { domainRequest } from '../src/pinning/domain-request.ts';
import type { PinPlan, PinRequest } from '../src/pinning/model.ts';
import { planPins } from '../src/pinning/plan.ts';
import { domainRules } from '../suites/domain.ts';
import { anIsolation, aProcessor } from './cpu-facts.ts';
import { aDefinition, aDocument, NO_HOST_FACT } from './domain-rule.ts';
import { aPciDevice, known } from './facts.ts';
import { brokenClaims } from './pin-claims.ts';
import { anyRequest, aPinRequest, HYBRID, X3D } from './topologies.ts';

// What `passcheck pins` plans for a host, `passcheck lint` finds nothing wrong with on that host.

/** How many vCPUs a guest needs is not for a plan to say. */
const RULES = domainRules.filter(
  ({ id }) => (id.startsWith('domain/cpu/') && id !== 'domain/cpu/vcpu-count') || id.startsWith('domain/memory/numa'),
);

type Known = Partial<Record<FactId, Attempt<unknown>>>;

/** What the rules about CPUs and NUMA find in a definition with the plan in it. */
function findings(plan: PinPlan, host: Known): string[] {
  const threads = plan.iothreads.length === 0 ? '' : `\n  <iothreads>${plan.iothreads.length}</iothreads>`;
  const body = `<memory unit='GiB'>1</memory>\n  <vcpu>2</vcpu>${threads}`;
  return judged(aDocument(applyPlan(aDocument(aDefinition({ body })), plan)), host);
}

function judged(document: DomainDocument, host: Known): string[] {
  return RULES.flatMap((rule) => {
    const attempts = Object.fromEntries(rule.wants.map((id) => [id, host[id] ?? NO_HOST_FACT]));
    const outcome = rule.evaluate({ lintedDomains: linted(document), ...attempts });
    const outcomes = 'status' in outcome ? [outcome] : outcome.map((one) => one.outcome);
    return outcomes.flatMap((one) => (one.status === 'fail' ? [`${rule.id}: ${one.message}`] : []));
  });
}

function linted(document: DomainDocument): unknown {
  return { documents: [document], unreadable: [], hasHost: true };
}

/** The facts of the host that a request is about. */
function hostOf({ topology, numaNodes, gpu, isolated, vendor }: PinRequest): Known {
  return {
    cpuTopology: known(topology),
    numaNodes: known(numaNodes),
    cpu: known(aProcessor(vendor === 'intel' ? ['vmx'] : ['svm', 'topoext'])),
    cpuIsolation: known(anIsolation({ online: topology.online, isolated: isolated ?? [] })),
    pciDevices: known([aPciDevice({ numaNode: gpu?.node ?? null })]),
  };
}

describe('a plan in a domain', () => {
  it('has no finding about pinning on any host', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        // What is asked for beyond good advice, and what others took, the rules rightly mind.
        const modest = { ...request, hostCores: null, isolated: [], others: [] };
        const answer = planPins(modest);
        expect('plan' in answer ? findings(answer.plan, hostOf(modest)) : []).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a plan on isolated CPUs', () => {
  it('has no finding when exactly these are isolated, and is the same plan', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const modest = { ...request, hostCores: null, isolated: [], others: [] };
        const answer = planPins(modest);
        if ('refusal' in answer) return;
        const isolated = { ...modest, vcpus: answer.plan.vcpus.length, isolated: answer.plan.vcpus };
        const again = planPins(isolated);
        expect('plan' in again ? again.plan.vcpus : []).toEqual(answer.plan.vcpus);
        expect('plan' in again ? findings(again.plan, hostOf(isolated)) : []).toEqual([]);
      }),
    );
  });
});

const corpus = process.env['PASSCHECK_CORPUS'] ?? '';
const archives = existsSync(`${corpus}/hwloc`) ? readdirSync(`${corpus}/hwloc`).filter((name) => name.endsWith('.tar.bz2')) : [];

describe.skipIf(archives.length === 0)('plans for real machines', () => {
  it.each(archives)('%s: any number of vCPUs that it has room for', async (name) => {
    const { host } = await openHost(`${corpus}/hwloc/${name}`);
    const store = createFactStore({ host, context: { config: DEFAULT_CONFIG }, now: () => 0 });
    const [topology, numaNodes, cpu] = await Promise.all([store.get(facts.cpuTopology), store.get(facts.numaNodes), store.get(facts.cpu)]);
    if (!topology.ok || !numaNodes.ok || !cpu.ok) throw new Error('not readable');
    const { vendor, modelName, flags } = cpu.value;
    const given = { numaNodes: numaNodes.value, vendor, processor: modelName, hasTopoext: flags.has('topoext') };
    const requests = [null, ...Array.from({ length: topology.value.online.length }, (_, index) => index + 1)].map((vcpus) =>
      aPinRequest(topology.value, { ...given, vcpus }),
    );
    const found = requests.flatMap((request) => {
      const answer = planPins(request);
      if ('refusal' in answer) return [];
      return [...brokenClaims(request, answer.plan), ...findings(answer.plan, { ...hostOf(request), cpu })].map((one) => [
        request.vcpus,
        one,
      ]);
    });
    expect(found).toEqual([]);
    expect(topology.value.cores.length < 4 || 'plan' in planPins(aPinRequest(topology.value, given))).toBe(true);
  });
});

/** Which processor the guest is shown is its owner's choice. */
const ABOUT_OTHER_THINGS = /^domain\/cpu\/(?:mode|nested|options|migratable|hypervisor-bit):/;

/** Definitions of real VMs, of which each file holds one. */
const definitions = ['domain', 'libvirt-domains'].flatMap((folder) =>
  (existsSync(`${corpus}/${folder}`) ? readdirSync(`${corpus}/${folder}`) : [])
    .filter((name) => name.endsWith('.xml'))
    .map((name) => `${corpus}/${folder}/${name}`),
);

describe.skipIf(definitions.length === 0)('plans in definitions of others', () => {
  it.each(definitions)('%s', (path) => {
    const text = readFileSync(path, 'utf8');
    for (const topology of [X3D, HYBRID]) {
      const [document] = readDocuments({ label: 'vm', text });
      const asked = document === undefined ? null : domainRequest(document);
      if (document === undefined || asked === null || 'refusal' in asked || text.includes('<node>')) return;
      const request = aPinRequest(topology, { ...asked.request, vcpus: 4 });
      const answer = planPins(request);
      if ('refusal' in answer) throw new Error(answer.refusal.reason);
      const [after] = readDocuments({ label: 'vm', text: applyPlan(document, answer.plan) });
      if (after === undefined) throw new Error('no domain');
      expect(applyPlan(after, answer.plan)).toBe(after.text);
      expect(judged(after, hostOf(request)).filter((finding) => !ABOUT_OTHER_THINGS.test(finding))).toEqual([]);
    }
  });
});
