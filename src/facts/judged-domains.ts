import { domains, type DefinedDomain } from './domains.ts';
import { defineFact } from './fact.ts';
import { passthrough } from './passthrough.ts';

/** The domains that host checks are about. */
export interface JudgedDomains {
  /** Sorted by name. Empty: nothing is defined yet that is given the GPU. */
  readonly domains: readonly DefinedDomain[];
  /** Names in `passcheck.yaml` that libvirt does not know. */
  readonly missing: readonly string[];
  /** Domains that are not judged but hold memory now, because they are running or paused. */
  readonly others: readonly DefinedDomain[];
}

/** `vms` of `passcheck.yaml`, else the domains that are given a selected GPU. Libvirt not reachable is an error, no domain is none. */
export const judgedDomains = defineFact({
  id: 'judgedDomains',
  needs: { domains },
  wants: { passthrough },
  collect(_host, facts, { config }): JudgedDomains {
    const named = config.vms.length > 0 ? config.vms : assigned(facts.passthrough);
    const judged = facts.domains.filter(({ definition }) => named.includes(definition.name));
    return {
      domains: judged.toSorted((a, b) => (a.definition.name < b.definition.name ? -1 : 1)),
      missing: config.vms.filter((name) => !facts.domains.some(({ definition }) => definition.name === name)),
      others: facts.domains.filter((domain) => isActive(domain) && !judged.includes(domain)),
    };

    function assigned(attempt: typeof facts.passthrough): readonly string[] {
      if (attempt.ok) return attempt.value.gpus.flatMap((gpu) => gpu.domains);
      // Without any domain the answer does not depend on which GPU is meant.
      if (facts.domains.length === 0) return [];
      throw attempt.error;
    }
  },
});

/** States of virsh in which a domain holds its memory; any other word than these two means that it does not. */
const INACTIVE = new Set(['shut off', 'crashed']);

/** Does the domain hold its memory and devices now (running, paused, in shutdown, suspended)? */
export function isActive({ state }: Pick<DefinedDomain, 'state'>): boolean {
  return !INACTIVE.has(state);
}
