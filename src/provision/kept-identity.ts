import { DomainXmlError } from '../domain/xml-error.ts';
import { all, attribute, first, type XmlElement } from '../domain/xml.ts';
import { readMark } from './diff/mark.ts';
import type { Identified } from './identity.ts';
import { aliasIndex, aliasName } from './render/alias.ts';
import { parsedDefinition } from './parsed-definition.ts';
import type { Owned } from './state/model.ts';
import type { World } from './world.ts';

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

/** What the objects of a spec are known by that are there and carry its mark; a pool is the spec's by what passcheck remembers. */
export function keptIdentities(
  { networks, pools, domains }: Pick<World, 'networks' | 'pools' | 'domains'>,
  owner: string,
  ownedPools: Owned['pools'],
): KeptIdentities {
  return {
    network: marked(networks, owner, bridgeMac),
    pool: new Map(pools.filter(({ uuid }) => ownedPools.get(uuid) === owner).map(({ name, uuid }) => [name, { uuid, macs: new Map() }])),
    domain: marked(domains, owner, cardMacs),
  };
}

interface Live {
  readonly name: string;
  readonly uuid: string;
  readonly inactive: string;
}

function marked(
  objects: readonly Live[],
  owner: string,
  macsOf: (root: XmlElement) => ReadonlyMap<string, string>,
): ReadonlyMap<string, KeptIdentity> {
  return new Map(
    objects.flatMap(({ name, uuid, inactive }) => {
      const root = definition(inactive);
      return root !== null && readMark(root)?.owner === owner ? [[name, { uuid, macs: macsOf(root) }] as const] : [];
    }),
  );
}

/** Null: none that passcheck reads. */
function definition(text: string): XmlElement | null {
  try {
    return parsedDefinition(text);
  } catch (error) {
    if (error instanceof DomainXmlError) return null;
    throw error;
  }
}

function bridgeMac(root: XmlElement): ReadonlyMap<string, string> {
  const mac = attribute(first(root, 'mac'), 'address');
  return new Map(mac === null ? [] : [['bridge', mac]]);
}

/** Cards of a VM that was taken over have no names of passcheck: there it is their order that tells them. */
function cardMacs(root: XmlElement): ReadonlyMap<string, string> {
  const cards = all(root, 'devices', 'interface').flatMap((card) => {
    const mac = attribute(first(card, 'mac'), 'address');
    const alias = attribute(first(card, 'alias'), 'name') ?? '';
    return mac === null ? [] : [{ mac, alias: aliasIndex('nic', alias) === null ? null : alias }];
  });
  const hasNames = cards.some(({ alias }) => alias !== null);
  return new Map(
    cards.flatMap(({ mac, alias }, index) => {
      const name = hasNames ? alias : aliasName('nic', index);
      return name === null ? [] : [[name, mac] as const];
    }),
  );
}
