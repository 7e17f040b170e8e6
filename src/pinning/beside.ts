import type { DomainDocument } from '../domain/document.ts';
import { exclusiveDevices } from '../domain/host-devices.ts';
import { areRivals } from '../domain/rivals.ts';
import { isSameDomain } from '../domain/same-domain.ts';
import type { DefinedDocument } from '../facts/defined-documents.ts';
import type { Attempt } from '../facts/fact.ts';
import type { OtherVm, PinnedGpu } from './model.ts';
import { otherVm } from './others.ts';

/** Who a plan is for: a definition, or a VM that is only known by its GPU. */
interface Planned {
  readonly document: DomainDocument | null;
  readonly gpu: PinnedGpu | null;
}

/** The domains of libvirt that can run at the same time as the planned one, as far as they are pinned; and what was not seen. */
export function othersOf(
  planned: Planned,
  defined: Attempt<readonly DefinedDocument[]>,
): { readonly others: readonly OtherVm[]; readonly notes: readonly string[] } {
  if (!defined.ok) {
    const { source, reason } = defined.error;
    return {
      others: [],
      notes: [`The VMs of libvirt could not be looked at (${source}: ${reason}): --avoid keeps their CPUs out of the plan.`],
    };
  }
  return {
    others: pinnedBeside(
      planned,
      defined.value.map(({ document }) => document),
    ),
    notes: [],
  };
}

/** Those of some domains that can run at the same time as the planned one, as far as they are pinned. */
export function pinnedBeside(planned: Planned, domains: readonly DomainDocument[]): readonly OtherVm[] {
  return domains.filter((domain) => canMeet(planned, domain)).flatMap((domain) => otherVm(domain) ?? []);
}

function canMeet({ document, gpu }: Planned, other: DomainDocument): boolean {
  if (document !== null) return !isSameDomain(document, other) && !areRivals(document, other);
  // A VM that has the GPU is the planned one, or never runs at the same time.
  return gpu === null || !exclusiveDevices(other).some(({ id }) => id.includes(gpu.address));
}
