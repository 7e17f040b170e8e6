import type { FactStore } from '../engine/fact-store.ts';
import { facts } from '../facts/registry.ts';
import { oneLine } from '../report/sanitize.ts';

/** Why libvirt itself did not tell its domains, so that none found does not mean none there; null: it did. */
export async function libvirtSilence(store: FactStore, connection: string): Promise<string | null> {
  const asked = await store.get(facts.libvirtObjects);
  if (!asked.ok) return silence(connection, asked.error.reason);
  switch (asked.value.state) {
    case 'read':
      return null;
    case 'no-virsh':
      return `${connection} could not be asked (virsh is not installed)`;
    case 'unreachable':
    case 'could-not-look':
      return silence(connection, asked.value.reason);
  }
}

function silence(connection: string, reason: string): string {
  return `${connection} does not answer (${oneLine(reason)})`;
}
