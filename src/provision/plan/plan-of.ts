import type { Plan } from './model.ts';
import type { Part } from './part.ts';
import type { PlanRequest } from './request.ts';

/** A plan of what its parts come to. Only one to apply keeps the spec, so that it can be planned again. */
export function planOf(command: Plan['command'], { desired, look, version, source }: PlanRequest, planned: Part): Plan {
  return {
    schema: 1,
    tool: { name: 'passcheck', version },
    command,
    spec: desired.owner,
    connection: desired.connection,
    host: look.hostId,
    actions: [...planned.actions],
    pending: [...planned.pending],
    refused: [...planned.refused],
    notes: [...planned.notes],
    source: command === 'apply' ? source : null,
  };
}
