import type { Connection } from '../libvirt/connection.ts';
import type { PlanRequest } from '../provision/plan/request.ts';
import type { Spec } from '../provision/spec/model.ts';

/** What a command about a spec needs to know. */
export interface ProvisionOptions {
  /** A file, or `-`; not read where `text` has it. */
  readonly spec: string;
  /** The text of the spec, of a stored plan. */
  readonly text?: string;
  /** Read everything of the connection (`World.everything`), as `prune` has to. */
  readonly everything?: boolean;
}

/** A spec, and all that a plan for it is made from: what {@link PlanRequest} says. */
export interface ProvisionRequest extends PlanRequest {
  readonly spec: Spec;
  /** As messages call it: `lab.yaml`, `<stdin>`. */
  readonly name: string;
  readonly connection: Connection;
  /** The folder in which libvirt keeps what TPMs hold; null: not known. */
  readonly tpmFolder: string | null;
}
