import { textAt } from '../../domain/xml.ts';
import type { LivePool } from '../world.ts';
import { type Answer, type Question, question } from './batch.ts';
import type { Listing } from './listing.ts';
import { type Address, addressWord, definitionText, headOf, isListed, unread } from './live-object.ts';
import { xmlRoot } from './xml-root.ts';

type Read = (listing: Listing) => LivePool | null;

/** A pool; null when there is none. Throws a `ConnectionError` when it is listed and does not answer. */
export function livePool(address: Address): Question<Read> {
  const word = addressWord(address);
  return question([`pool-dumpxml --inactive ${word}`, `pool-dumpxml ${word}`], (answers) => (listed) => read(address, answers, listed));
}

function read(address: Address, answers: readonly Answer[], listed: Listing): LivePool | null {
  if (!isListed(address, listed)) return null;
  const [inactive = '', live = ''] = answers.map(definitionText);
  const head = headOf(inactive, address);
  const root = xmlRoot('pool', live);
  if (head === null || root === null) throw unread('pool', address, answers);
  const isActive = listed.active.has(head.uuid);
  const free = textAt(root, 'available');
  return {
    ...head,
    isActive,
    autostart: listed.autostart.has(head.uuid),
    ...(listed.transient.has(head.uuid) ? { isTransient: true } : {}),
    inactive,
    path: textAt(root, 'target', 'path'),
    availableBytes: isActive && free !== null && /^\d{1,18}$/.test(free) ? Number(free) : null,
  };
}
