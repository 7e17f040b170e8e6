import { addressText, parseSubnet } from '../spec/subnet.ts';
import type { NetworkSpec } from '../spec/model.ts';
import { el, type Tree } from '../tree.ts';

/** A network with its identity. */
export interface NetworkIdentity {
  readonly name: string;
  readonly uuid: string;
  /** Of the bridge. */
  readonly mac: string;
}

/** The definition of a network. Without a name of its own for the bridge libvirt gives one, which stays. */
export function networkTree({ name, uuid, mac }: NetworkIdentity, spec: NetworkSpec): Tree {
  const { host, netmask } = parseSubnet(spec.address);
  const range = spec.dhcp === undefined ? [] : [el('dhcp', {}, [el('range', { start: spec.dhcp.start, end: spec.dhcp.end })])];
  return el('network', {}, [
    el('name', {}, name),
    el('uuid', {}, uuid),
    // Without it nothing leaves the network.
    spec.forward === 'isolated' ? null : el('forward', { mode: spec.forward }),
    el('bridge', { name: spec.bridge ?? null, stp: 'on', delay: 0 }),
    el('mac', { address: mac }),
    spec.domain === undefined ? null : el('domain', { name: spec.domain }),
    el('ip', { address: addressText(host), netmask }, range),
  ]);
}
