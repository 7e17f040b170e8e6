import { deviceRequirements, macRequirements } from './device-requirements.ts';
import { isTouched } from './need.ts';
import { bridgeRequirements, dnsmasqRequirement, subnetRequirements } from './network-requirements.ts';
import { joined, type Part, part } from './part.ts';
import type { PlanContext } from './request.ts';
import { spaceRequirements } from './space-requirements.ts';
import { firmwareRequirements, mediaRequirements, pageRequirements, tpmRequirements } from './vm-requirements.ts';

/**
 * What has to be so on the host before anything is changed. What is missing refuses the plan where it is about an object that is made or
 * changed, and is a note where the object is there already. What could not be looked at is a note, never taken for there.
 */
export function requirements(context: PlanContext, planned: Part): Part {
  const touched = isTouched(planned.actions);
  const needs = [
    ...subnetRequirements(context),
    ...bridgeRequirements(context),
    ...dnsmasqRequirement(context),
    ...spaceRequirements(context, planned.actions),
    ...mediaRequirements(context),
    ...tpmRequirements(context),
    ...firmwareRequirements(context),
    ...deviceRequirements(context),
    ...macRequirements(context),
    ...pageRequirements(context),
  ];
  return joined(
    needs.map(({ kind, objects, object, message, fix }) => {
      const isAboutChange = objects.some(touched);
      if (kind === 'missing' && isAboutChange) return part({ refused: [{ object, message, fix }] });
      return part(kind === 'missing' || isAboutChange ? { notes: [{ object, message, fix }] } : {});
    }),
  );
}
