import { defineFact } from './fact.ts';
import { optionalList } from './read.ts';

export const NETWORK_INTERFACES = '/sys/class/net';

/** Names of the network interfaces of this host, bridges among them, sorted. */
export const networkInterfaces = defineFact({
  id: 'networkInterfaces',
  collect: (host): readonly string[] => optionalList(host, NETWORK_INTERFACES),
});
