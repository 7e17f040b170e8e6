import type { LiveNetwork } from '../world.ts';
import { type Answer, type Question, question } from './batch.ts';
import type { Listing } from './listing.ts';
import { type Address, addressWord, definitionText, headOf, isListed, unread } from './live-object.ts';

type Read = (listing: Listing) => LiveNetwork | null;

/** A network; null when there is none. Throws a `ConnectionError` when it is listed and does not answer. */
export function liveNetwork(address: Address): Question<Read> {
  const word = addressWord(address);
  return question([`net-dumpxml --inactive ${word}`, `net-dumpxml ${word}`], (answers) => (listed) => read(address, answers, listed));
}

function read(address: Address, answers: readonly Answer[], listed: Listing): LiveNetwork | null {
  if (!isListed(address, listed)) return null;
  const [inactive = '', live = ''] = answers.map(definitionText);
  const head = headOf(inactive, address);
  if (head === null || headOf(live, address) === null) throw unread('network', address, answers);
  const isActive = listed.active.has(head.uuid);
  return {
    ...head,
    isActive,
    autostart: listed.autostart.has(head.uuid),
    ...(listed.transient.has(head.uuid) ? { isTransient: true } : {}),
    inactive,
    live: isActive ? live : null,
  };
}
