import { planApply } from '../src/provision/plan/plan-apply.ts';
import type { Plan } from '../src/provision/plan/model.ts';
import type { PlanRequest } from '../src/provision/plan/request.ts';
import type { Desired } from '../src/provision/desired.ts';
import type { World } from '../src/provision/world.ts';
import { ownedBy, request, world } from './plan-world.ts';

/** The plan for a spec; passcheck remembers its pools and volumes as its own unless told otherwise. */
export function plan(spec: Desired, live: Partial<World> = {}, given: Partial<PlanRequest> = {}): Plan {
  return planApply(request({ desired: spec, world: world(live), owned: ownedBy(spec), ...given }));
}

/** What a plan does, in its order: `lab-net: define-network`. */
export function steps({ actions }: Pick<Plan, 'actions'>): readonly string[] {
  return actions.map(({ object, step }) => `${object.name}: ${step.do}`);
}
