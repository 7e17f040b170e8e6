import { ConnectionError } from '../../libvirt/connection.ts';
import type { Answer } from './batch.ts';
import { type DefinitionHead, definitionHead } from './definition-head.ts';
import type { Listing } from './listing.ts';

/** How an object is asked for: a name of the spec, or the UUID of anything that is listed. Both are words as they stand. */
export type Address = { readonly name: string } | { readonly uuid: string };

export function addressWord(address: Address): string {
  return 'name' in address ? address.name : address.uuid;
}

/** Is it in the list? A name that is not there is no error. */
export function isListed(address: Address, { names, uuids }: Listing): boolean {
  return 'name' in address ? names.has(address.name) : uuids.includes(address.uuid);
}

/**
 * What a listed object says of itself. A VM may be called `1`, and virsh takes that for the number of another one that runs; so what
 * came back is held against what was asked for.
 */
export function headOf(xml: string, address: Address): DefinitionHead | null {
  const head = definitionHead(xml);
  if (head === null) return null;
  return ('name' in address ? head.name === address.name : head.uuid === address.uuid) ? head : null;
}

/** It is listed, and was not to be read: it may have gone in between, which is not known. */
export function unread(kind: string, address: Address, answers: readonly Answer[]): ConnectionError {
  const refused = answers.find(({ complaint }) => complaint !== null);
  const reason = refused === undefined ? 'it answers for another one' : `virsh ${refused.command}: ${refused.complaint ?? ''}`;
  return new ConnectionError(
    `the ${kind} ${addressWord(address)} is there and could not be read (${reason})`,
    'Run it again: it may have changed meanwhile',
  );
}

/** A text of virsh without what it adds at its end. */
export function definitionText({ stdout }: Answer): string {
  return stdout.trim();
}
