import type { DesiredDomain } from '../desired.ts';
import type { DiskUser } from '../world.ts';
import { type Part, refusal } from './part.ts';
import { planVolume } from './plan-volume.ts';
import type { PlanContext } from './request.ts';
import { virshCommand } from './words.ts';

/** Two VMs with one disk destroy what is on it. One that was renamed in the spec only would be made again, with the disk of the first. */
export function takenFiles({ name, disks, spec, nvramPath }: DesiredDomain, context: PlanContext): Part | null {
  const nvram = spec.nvram === undefined ? null : nvramPath;
  const ofDisks = disks.flatMap((path) => (context.users.get(path) ?? []).map((user) => ({ user, path, what: 'a disk' })));
  const ofNvram = nvram === null ? [] : context.world.users.filter(({ nvrams }) => nvrams?.includes(nvram) === true);
  const uses = [...ofDisks, ...ofNvram.map((user) => ({ user, path: nvram ?? '', what: 'the NVRAM' }))].filter(
    ({ user }) => !context.own.has(user.domain),
  );
  const renamed = uses.find(({ user }) => user.owner === context.desired.owner);
  if (renamed !== undefined) return rename(name, renamed, context);
  const taken = uses.find(({ path }) => !isRefused(path, context));
  if (taken === undefined) return null;
  const message = `${taken.path} is ${taken.what} of ${taken.user.domain}, which this spec does not have`;
  return refusal({ kind: 'domain', name }, message, `Give this VM another file, or take that one out of ${taken.user.domain}`);
}

interface Use {
  readonly user: DiskUser;
  readonly path: string;
  readonly what: string;
}

function rename(name: string, { user, path, what }: Use, { desired }: PlanContext): Part {
  const message = `${path} is ${what} of ${user.domain}, which was made from this spec and is no longer in it: is this a rename?`;
  const command = virshCommand(desired.connection, 'domrename', user.domain, name);
  const fix = `If so, rename it while it is off, and plan again: ${command}; else take ${user.domain} away: passcheck prune SPEC`;
  return refusal({ kind: 'domain', name }, message, fix);
}

/** The volume itself says it already. */
function isRefused(path: string, context: PlanContext): boolean {
  const volume = context.desired.volumes.find((one) => one.path === path);
  return volume !== undefined && planVolume(volume, context).refused.length > 0;
}
