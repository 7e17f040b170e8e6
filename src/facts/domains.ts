import type { Domain } from '../domain/model.ts';
import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';

export interface DefinedDomain {
  /** The persistent definition: what the next start uses. */
  readonly definition: Domain;
  /** As virsh prints it: `running`, `shut off`, `paused` … */
  readonly state: string;
}

/** The domains that libvirt (the configured connection) knows, sorted by name. Not reachable is an error, none is none. */
export const domains = defineFact({
  id: 'domains',
  collect(): readonly DefinedDomain[] {
    throw new FactError({ source: 'virsh', reason: 'not looked at yet' });
  },
});
