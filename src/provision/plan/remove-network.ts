import { all, attribute } from '../../domain/xml.ts';
import type { LiveDomain, LiveNetwork } from '../world.ts';
import { readDefinition } from './definition.ts';
import type { Action, PlannedObject } from './model.ts';
import { type Part, part, refusal } from './part.ts';
import type { Removal } from './removal.ts';
import { counted } from './words.ts';

/** A network that is passcheck's own is stopped and taken out of libvirt, unless a VM that stays is connected to it. */
export function removeNetwork(live: LiveNetwork, removal: Removal): Part {
  const object: PlannedObject = { kind: 'network', name: live.name };
  const others = live.isActive ? otherConnections(live, removal) : 0;
  if (others === null)
    return refusal(object, 'could not look who is connected to it', 'Plan again; or name what to destroy, and leave this network out');
  if (others > 0) {
    const message = `${counted(others, 'interface')} of running VMs that stay ${others === 1 ? 'is' : 'are'} connected to it`;
    return refusal(object, message, 'Shut them down; or name what to destroy, and leave this network out');
  }
  const stop: Action = { object, verb: 'remove', summary: 'stop', changes: [], step: { do: 'stop-network', uuid: live.uuid } };
  const step = { do: 'undefine-network', uuid: live.uuid, replaces: live.inactive } as const;
  const undefine: Action = { object, verb: 'remove', summary: 'take out of libvirt', changes: [], step };
  return part({ actions: [...(live.isActive ? [stop] : []), ...(live.isTransient === true ? [] : [undefine])] });
}

/** Interfaces of running VMs that do not go away; null: not known. libvirt counts all of them in the live definition. */
function otherConnections(live: LiveNetwork, { removed, context }: Removal): number | null {
  const root = live.live === null ? null : readDefinition(live.live);
  if (root === null) return null;
  const count = Number(attribute(root, 'connections') ?? 0);
  const own = [...context.uuids.domains.values()].filter(({ name }) => removed.has(name));
  return Math.max(0, count - own.reduce((sum, domain) => sum + connectionsOf(domain, live.name), 0));
}

function connectionsOf(domain: LiveDomain, network: string): number {
  const root = domain.live === null ? undefined : (readDefinition(domain.live) ?? undefined);
  const sources = all(root, 'devices', 'interface', 'source');
  return sources.filter((source) => attribute(source, 'network') === network).length;
}
