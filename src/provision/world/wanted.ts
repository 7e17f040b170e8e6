import type { Desired } from '../desired.ts';

/** What of libvirt a spec speaks of, by name. */
export interface Wanted {
  /** Those of the spec, and those that its VMs are on. */
  readonly networks: readonly string[];
  /** Those of the spec, and those that its volumes lie in. */
  readonly pools: readonly string[];
  readonly volumes: readonly { readonly pool: string; readonly name: string }[];
  readonly domains: readonly string[];
}

export function wantedOf({ networks, pools, volumes, domains }: Desired): Wanted {
  const nics = domains.flatMap(({ spec }) => spec.nics);
  return {
    networks: unique([...networks.map(({ name }) => name), ...nics.flatMap(({ network }) => network ?? [])]),
    pools: unique([...pools.map(({ name }) => name), ...volumes.map(({ pool }) => pool)]),
    volumes,
    domains: unique(domains.map(({ name }) => name)),
  };
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
