import { attribute } from '../../domain/xml.ts';
import type { DesiredNetwork } from '../desired.ts';
import { withMark } from '../diff/mark.ts';
import { type Tree, treeText } from '../tree.ts';
import type { LiveNetwork } from '../world.ts';
import { changesSummary, definitionSummary } from './change-words.ts';
import { type Comparison, compared, FOLLOWS } from './comparison.ts';
import { bridgeOf, readDefinition } from './definition.ts';
import { holderOf } from './holder.ts';
import type { Action, PlannedObject } from './model.ts';
import { joined, note, type Part, part, refusal } from './part.ts';
import type { PlanContext } from './request.ts';
import { counted, virshCommand } from './words.ts';

interface Network {
  readonly desired: DesiredNetwork;
  readonly object: PlannedObject;
  readonly context: PlanContext;
}

/** A network is defined, started, and set to start with the host. One of others is used as long as it fits. */
export function planNetwork(desired: DesiredNetwork, context: PlanContext): Part {
  const network: Network = { desired, object: { kind: 'network', name: desired.name }, context };
  const { object } = network;
  const { owner } = context.desired;
  const live = context.networks.get(desired.name);
  if (live === undefined) return absent(network);
  const holder = holderOf(live, owner);
  const isOwn = holder.state === 'own';
  const comparison = compared(desired.tree, live, { object, explicit: FOLLOWS, owner: isOwn ? owner : null });
  if (comparison === null) {
    const show = virshCommand(context.desired.connection, 'net-dumpxml', live.name);
    return refusal(object, 'its definition could not be read', `See what it is: ${show}`);
  }
  if (holder.state === 'other') {
    if (comparison.changes.length === 0 && live.isActive) return note(object, `belongs to the spec ${holder.owner}, used as it is`);
    const fix = `Give this network another name and address, or take it out and write bridge: ${bridgeOf(live) ?? 'NAME'} in place of network under nics`;
    return refusal(object, `it belongs to the spec ${holder.owner}`, fix);
  }
  return isOwn ? own(network, live, comparison) : foreign(network, live, comparison);
}

function absent({ desired, object, context }: Network): Part {
  const { uuid, tree, autostart } = desired;
  const rival = context.uuids.networks.get(uuid);
  if (rival !== undefined) {
    return refusal(object, `its UUID is that of the network ${rival.name}`, `Name it ${rival.name} in the spec, or give it another uuid`);
  }
  const step = { do: 'define-network', xml: treeText(withMark(tree, context.desired.owner)), replaces: null } as const;
  return part({
    actions: [
      { object, verb: 'create', summary: summaryOf(desired), changes: [], step },
      startAction(object, uuid),
      ...(autostart ? [autostartAction(object, uuid, true)] : []),
    ],
  });
}

function child(parent: Tree | undefined, name: string): Tree | undefined {
  return parent?.children.find((one) => one.name === name);
}

/** `192.168.56.1/24, nat, DHCP 192.168.56.100 to 192.168.56.200`. */
function summaryOf({ tree, subnet }: DesiredNetwork): string {
  const ip = child(tree, 'ip');
  const range = child(child(ip, 'dhcp'), 'range')?.attributes;
  const parts = [
    `${ip?.attributes['address'] ?? ''}/${32 - Math.log2(subnet.last - subnet.first + 1)}`,
    child(tree, 'forward')?.attributes['mode'] ?? 'isolated',
    ...(range === undefined ? [] : [`DHCP ${range['start'] ?? ''} to ${range['end'] ?? ''}`]),
  ];
  return parts.join(', ');
}

function startAction(object: PlannedObject, uuid: string): Action {
  return { object, verb: 'start', summary: 'start', changes: [], step: { do: 'start-network', uuid } };
}

function autostartAction(object: PlannedObject, uuid: string, on: boolean): Action {
  const summary = on ? 'start with the host' : 'start with the host no longer';
  return { object, verb: 'change', summary, changes: [], step: { do: 'autostart-network', uuid, on } };
}

function own({ desired, object, context }: Network, live: LiveNetwork, { differences, changes, pending, xml, beside }: Comparison): Part {
  // Only one that the spec itself gives is another.
  if (desired.uuid !== live.uuid) {
    const message = `its UUID is ${live.uuid}, and libvirt gives no network another`;
    return refusal(object, message, `Set uuid: ${live.uuid} in the spec, or leave it out`);
  }
  const step = { do: 'define-network', xml, replaces: live.inactive } as const;
  const summary = definitionSummary(changes, live.isTransient === true);
  const define: Action = { object, verb: 'change', summary, changes: [...changes], step };
  const waits = pending.length > 0 || changes.some(({ effect }) => effect === 'next start');
  return joined([
    part({
      actions: [
        ...(differences.length === 0 && live.isTransient !== true ? [] : [define]),
        ...(live.isActive ? [] : [startAction(object, live.uuid)]),
        ...(live.autostart === desired.autostart ? [] : [autostartAction(object, live.uuid, desired.autostart)]),
      ],
      pending: pending.length === 0 ? [] : [{ object, changes: [...pending] }],
    }),
    waits ? restartNote(object, live, context) : part({}),
    beside,
  ]);
}

/** A network that stops takes the interfaces of running VMs from its bridge, and does not give them back when it starts. */
function restartNote(object: PlannedObject, live: LiveNetwork, { desired }: PlanContext): Part {
  const { name } = live;
  const root = live.live === null ? null : readDefinition(live.live);
  const connections = root === null ? null : attribute(root, 'connections');
  const first = connections === null ? '' : `Shut down the VMs on it (${counted(Number(connections), 'interface')}); `;
  const [stop, start] = [virshCommand(desired.connection, 'net-destroy', name), virshCommand(desired.connection, 'net-start', name)];
  return note(object, 'runs as it was until it is started again', `${first}${first === '' ? 'S' : 's'}tart it again: ${stop} && ${start}`);
}

function foreign({ object, context }: Network, live: LiveNetwork, { changes }: Comparison): Part {
  if (changes.length > 0) {
    const message = `passcheck did not make it, and it differs: ${changesSummary(changes)}`;
    return refusal(object, message, `Take it over: passcheck adopt SPEC ${object.name}`);
  }
  if (live.isActive) return note(object, 'not made by passcheck, used as it is');
  const start = virshCommand(context.desired.connection, 'net-start', live.name);
  return refusal(object, 'passcheck did not make it, and it does not run', `Start it, or take it over (passcheck adopt): ${start}`);
}
