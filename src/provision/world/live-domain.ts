import type { LiveDomain } from '../world.ts';
import { type Answer, type Question, question } from './batch.ts';
import type { Listing } from './listing.ts';
import { type Address, addressWord, definitionText, headOf, isListed, unread } from './live-object.ts';

/** UUIDs of the domains whose memory was saved when they were stopped. */
export type ManagedSaves = ReadonlySet<string>;

type Read = (listing: Listing, saved: ManagedSaves) => LiveDomain | null;

/**
 * A domain; null when there is none. Nothing here waits for QEMU, so a VM that hangs does not hold it up (`domstats` would: seen on
 * libvirt 9.0). Throws a `ConnectionError` when it is listed and does not answer.
 */
export function liveDomain(address: Address): Question<Read> {
  const word = addressWord(address);
  const commands = [`dumpxml --inactive ${word}`, `dumpxml ${word}`, `domstate ${word}`, `snapshot-list --name ${word}`];
  return question(commands, (answers) => (listed, saved) => read(address, answers, listed, saved));
}

function read(address: Address, answers: readonly Answer[], listed: Listing, saved: ManagedSaves): LiveDomain | null {
  if (!isListed(address, listed)) return null;
  const [inactive = '', live = '', state = '', snapshots = ''] = answers.map(definitionText);
  const head = headOf(inactive, address);
  if (head === null || headOf(live, address) === null || answers.some(({ complaint }) => complaint !== null)) {
    throw unread('VM', address, answers);
  }
  const isActive = runs(live);
  return {
    ...head,
    isActive,
    autostart: listed.autostart.has(head.uuid),
    ...(listed.transient.has(head.uuid) ? { isTransient: true } : {}),
    inactive,
    state,
    live: isActive ? live : null,
    hasManagedSave: saved.has(head.uuid),
    snapshots: snapshots.split('\n').filter((name) => name !== ''),
  };
}

/** Only what runs has a number. */
function runs(live: string): boolean {
  return /^<domain\s[^>]*\bid='\d+'/.test(live);
}
