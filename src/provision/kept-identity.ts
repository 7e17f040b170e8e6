import type { Identified } from './identity.ts';

/** By what others know an object that is passcheck's own already: a lease of DHCP, a TPM, a licence. */
export interface KeptIdentity {
  readonly uuid: string;
  /** MAC addresses by the alias of the card (`ua-pc-nic-0`); that of a network's bridge by `bridge`. */
  readonly macs: ReadonlyMap<string, string>;
}

/** By kind and name. */
export type KeptIdentities = Readonly<Record<Identified['kind'], ReadonlyMap<string, KeptIdentity>>>;

/** Nothing is there yet. */
export const NOTHING_KEPT: KeptIdentities = { network: new Map(), pool: new Map(), domain: new Map() };
