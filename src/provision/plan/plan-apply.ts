import { leftBehind } from './left-behind.ts';
import type { Plan } from './model.ts';
import { joined } from './part.ts';
import { planDomain } from './plan-domain.ts';
import { planNetwork } from './plan-network.ts';
import { planOf } from './plan-of.ts';
import { planPool } from './plan-pool.ts';
import { planVolume } from './plan-volume.ts';
import { planContext, type PlanRequest } from './request.ts';
import { requirements } from './requirements.ts';

/** What has to be done so that libvirt has what a spec asks for, in the order in which it can be done. */
export function planApply(request: PlanRequest): Plan {
  const context = planContext(request);
  const { desired } = request;
  const planned = joined([
    ...desired.networks.map((network) => planNetwork(network, context)),
    ...desired.pools.map((pool) => planPool(pool, context)),
    ...desired.volumes.map((volume) => planVolume(volume, context)),
    ...desired.domains.map((domain) => planDomain(domain, context)),
  ]);
  return planOf('apply', request, joined([planned, requirements(context, planned), leftBehind(context)]));
}
