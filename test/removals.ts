import type { Desired } from '../src/provision/desired.ts';
import type { Plan } from '../src/provision/plan/model.ts';
import { planDestroy, type DestroyRequest } from '../src/provision/plan/plan-destroy.ts';
import type { RemovalRequest } from '../src/provision/plan/removal.ts';
import type { World } from '../src/provision/world.ts';
import { applied, file, look, ownedBy, request, uuid, world } from './plan-world.ts';

export const DISK = '/pools/homelab/dc01.qcow2';
export const NVRAM = '/nvram/DC01.nvram';
export const TPM = `/tpm/${uuid(4)}`;

/** A removal from a world in which a spec was applied, on a host where its files are. */
export function removal(spec: Desired, live: Partial<World>, given: Partial<RemovalRequest>): RemovalRequest {
  const files = new Map([
    [DISK, file()],
    [NVRAM, file()],
    [TPM, file({ kind: 'directory' })],
  ]);
  return {
    ...request({ desired: spec, world: world({ ...applied(spec), ...live }), owned: ownedBy(spec), look: look({ files }) }),
    deleteDisks: [],
    deleteNvram: false,
    deleteTpm: false,
    forgetSnapshots: false,
    shutdownMs: 120_000,
    tpmFolder: '/tpm',
    ...given,
  };
}

/** What `destroy` plans in that world. */
export function destroyed(spec: Desired, live: Partial<World> = {}, given: Partial<DestroyRequest> = {}): Plan {
  return planDestroy({ ...removal(spec, live, given), names: given.names ?? [] });
}
