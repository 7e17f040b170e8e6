import type { DesiredDomain } from '../desired.ts';
import { overlayOf } from '../diff/overlay.ts';
import { withMark } from '../diff/mark.ts';
import { treeText } from '../tree.ts';
import type { LiveDomain } from '../world.ts';
import { definitionSummary } from './change-words.ts';
import { type Comparison, compared } from './comparison.ts';
import { lossWords } from './disk-changes.ts';
import { domainObstacle } from './domain-obstacle.ts';
import { holderOf } from './holder.ts';
import { machineSummary } from './machine-summary.ts';
import type { Action, PlannedObject } from './model.ts';
import { joined, note, type Part, part, refusal } from './part.ts';
import type { PlanContext } from './request.ts';
import { takenFiles } from './taken-files.ts';
import { virshCommand } from './words.ts';

interface Domain {
  readonly desired: DesiredDomain;
  readonly object: PlannedObject;
  readonly context: PlanContext;
}

/** A VM is defined, and changed by putting what differs into the definition that it has. Running VMs are left running. */
export function planDomain(desired: DesiredDomain, context: PlanContext): Part {
  const object: PlannedObject = { kind: 'domain', name: desired.name };
  const domain: Domain = { desired, object, context };
  const pins = context.pins?.get(desired.name);
  if (pins !== undefined && 'refusal' in pins)
    return refusal(object, `no CPUs to pin it to: ${pins.refusal.reason}`, capitalised(pins.refusal.instead));
  const planned = planDefinition(domain);
  const notes = planned.actions.length === 0 ? [] : (pins?.notes ?? []);
  return joined([planned, ...notes.map((words) => note(object, words))]);
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function planDefinition(domain: Domain): Part {
  const { desired, object, context } = domain;
  const live = context.domains.get(desired.name);
  if (live === undefined) return absent(domain);
  const holder = holderOf(live, context.desired.owner);
  switch (holder.state) {
    case 'own':
      return own(domain, live);
    case 'foreign':
      return refusal(
        object,
        'a VM of that name is there, and passcheck did not make it',
        `Give this VM another name in the spec, or take that one over: passcheck adopt SPEC ${object.name}`,
      );
    case 'other':
      return refusal(
        object,
        `it belongs to the spec ${holder.owner}`,
        `Give this VM another name, or take it out of the spec ${holder.owner}`,
      );
    case 'unreadable':
      return unreadable(domain, live);
  }
}

function unreadable({ object, context }: Domain, { uuid }: LiveDomain): Part {
  return refusal(
    object,
    'its definition could not be read',
    `See what it is: ${virshCommand(context.desired.connection, 'dumpxml', uuid)}`,
  );
}

function absent({ desired, object, context }: Domain): Part {
  const { uuid, tree, autostart } = desired;
  const rival = context.uuids.domains.get(uuid);
  if (rival !== undefined) {
    const rename = virshCommand(context.desired.connection, 'domrename', rival.uuid, desired.name);
    return refusal(object, `its UUID is that of the VM ${rival.name}: was it renamed?`, `Give it back its name while it is off: ${rename}`);
  }
  const taken = takenFiles(desired, context);
  if (taken !== null) return taken;
  const step = { do: 'define-domain', uuid, xml: treeText(withMark(tree, context.desired.owner)), replaces: null } as const;
  const define: Action = { object, verb: 'create', summary: machineSummary(desired), changes: [], step };
  return joined([
    part({ actions: autostart ? [define, autostartAction(object, uuid, true)] : [define] }),
    leftNvram(desired, object, context),
  ]);
}

/** destroy keeps it, and the guest finds its boot entries again. */
function leftNvram({ nvramPath }: DesiredDomain, object: PlannedObject, { look }: PlanContext): Part {
  const file = nvramPath === null ? undefined : look.files.get(nvramPath);
  return file?.state === 'ok' ? note(object, `its NVRAM ${nvramPath} is there already and is used with what it holds`) : part({});
}

function autostartAction(object: PlannedObject, uuid: string, on: boolean): Action {
  const summary = on ? 'start with the host' : 'start with the host no longer';
  return { object, verb: 'change', summary, changes: [], step: { do: 'autostart-domain', uuid, on } };
}

function own(domain: Domain, live: LiveDomain): Part {
  const { desired, object, context } = domain;
  const { spec } = desired;
  const explicit = { uuid: spec.uuid !== undefined, nvram: spec.nvram !== undefined, macs: spec.nics.map(({ mac }) => mac !== undefined) };
  const comparison = compared(desired.tree, live, { object, explicit, owner: context.desired.owner });
  if (comparison === null) return unreadable(domain, live);
  const { differences, changes, pending, xml, beside } = comparison;
  const obstacle = domainObstacle(live, comparison, domain);
  const step = { do: 'define-domain', uuid: live.uuid, xml, replaces: live.inactive } as const;
  const summary = definitionSummary(changes, live.isTransient === true);
  const define: Action = { object, verb: 'change', summary, changes: [...changes], step };
  return joined([
    obstacle ?? part({ actions: differences.length === 0 && live.isTransient !== true ? [] : [define] }),
    part({
      actions: live.autostart === desired.autostart ? [] : [autostartAction(object, live.uuid, desired.autostart)],
      pending: pending.length === 0 ? [] : [{ object, changes: [...pending] }],
    }),
    ...differences.flatMap((difference) => lossWords(difference) ?? []).map((words) => note(object, words)),
    overlayNotes(domain, comparison),
    beside,
  ]);
}

/** After an external snapshot the VM goes on with what it writes to. */
function overlayNotes({ object }: Domain, { wanted, root }: Comparison): Part {
  const overlays = overlayOf(wanted, root).filter(({ isOverlay }) => isOverlay);
  return joined(
    overlays.map(({ target, live, desired }) => note(object, `disk ${target} is ${live}, a snapshot built on ${desired}: it stays so`)),
  );
}
