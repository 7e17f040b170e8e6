import { macAddress } from './identity.ts';
import type { KeptIdentity } from './kept-identity.ts';
import { aliasName } from './render/alias.ts';
import type { NicSpec } from './spec/model.ts';

/** How many cards of one VM have a number of their own; a VM has 24 at most. */
const STRIDE = 256;

/** The next address for the card of a VM, where its own is taken: with three bytes two of 5,000 cards are likely to meet. */
function freeAddress(uuid: string, index: number, taken: ReadonlySet<string>): string {
  for (let number = index; ; number += STRIDE) {
    const address = macAddress(uuid, number);
    if (!taken.has(address)) return address;
  }
}

/** The MAC addresses of the cards of a VM: what the spec says, else what they have, else their own. Adds them to `taken`. */
export function macAddresses(nics: readonly NicSpec[], { uuid, macs }: KeptIdentity, taken: Set<string>): readonly string[] {
  return nics.map(({ mac }, index) => {
    const address = mac ?? macs.get(aliasName('nic', index))?.toLowerCase() ?? freeAddress(uuid, index, taken);
    taken.add(address);
    return address;
  });
}
