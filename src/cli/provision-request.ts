import { isAbsolute, join } from 'node:path';

import { problemLines } from '../config/problem-lines.ts';
import { readDocuments } from '../domain/document.ts';
import { liveHost } from '../host/live.ts';
import type { HostSource } from '../host/source.ts';
import { connect } from '../libvirt/connect.ts';
import type { Connection } from '../libvirt/connection.ts';
import type { ConnectionUri } from '../libvirt/virsh.ts';
import { desire } from '../provision/desire.ts';
import { keptIdentities, NOTHING_KEPT } from '../provision/kept-identity.ts';
import { hostIdOf } from '../provision/look/host-id.ts';
import { lookAtHost } from '../provision/look/look-at-host.ts';
import { lookedFile } from '../provision/look/looked-file.ts';
import { hasPins, layoutsOf, lookForPins, planVmPins, type VmPins } from '../provision/pins.ts';
import { nvramOf } from '../provision/plan/definition.ts';
import type { PlanRequest } from '../provision/plan/request.ts';
import { type LoadedSpec, loadSpec } from '../provision/spec/load.ts';
import type { Spec } from '../provision/spec/model.ts';
import { parseSpec } from '../provision/spec/parse.ts';
import { type OwnedState, readOwned } from '../provision/state/read-owned.ts';
import { readWorld } from '../provision/world/read-world.ts';
import type { World } from '../provision/world.ts';
import { UsageError } from '../usage-error.ts';
import { VERSION } from '../version.ts';
import { realPath } from './real-path.ts';

/** What a command about a spec needs to know. */
export interface ProvisionOptions {
  /** A file, or `-`; where `text` has what was read from it, only its name. */
  readonly spec: string;
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
  readonly owned: OwnedState;
  /** The folder in which libvirt keeps what TPMs hold; null: not known. */
  readonly tpmFolder: string | null;
}

/**
 * Reads a spec, what libvirt has of it and what the host has for it; changes nothing. Throws a `UsageError` for a spec or a state of
 * passcheck that cannot be used, and a `ConnectionError` when libvirt does not answer.
 */
export async function provisionRequest(options: ProvisionOptions): Promise<ProvisionRequest> {
  const { spec, text, name } = loaded(options);
  const host = liveHost();
  const hostId = hostIdOf(host);
  const connection = connect(spec.connection);
  // What is there is asked for by name; who it is, its answer tells.
  const unpinned = desire(spec, { hostId, kept: NOTHING_KEPT, pins: new Map() });
  // Others' pins stand in their definitions.
  const everything = options.everything === true || hasPins(spec);
  // libvirt thinks meanwhile.
  const [world, look] = await Promise.all([
    readWorld(connection, unpinned, { everything, real: realPath }),
    lookAtHost(
      host,
      unpinned,
      unpinned.pools.map(({ path }) => path),
    ),
  ]);
  const owned = readOwned(spec.connection);
  const known = { hostId, kept: keptIdentities(world, spec.name, owned.pools) };
  const pins = await pinsOf(spec, known, { host, world });
  const desired = desire(spec, { ...known, pins: layoutsOf(pins) });
  const tpmFolder = tpmFolderOf(spec.connection, process.env);
  const files = new Map([...look.files, ...pathsBeside(world, tpmFolder).map((path) => [path, lookedFile(host, path)] as const)]);
  return { spec, name, connection, tpmFolder, desired, world, look: { ...look, files }, owned, pins, version: VERSION, source: text };
}

function loaded({ spec: path, text }: ProvisionOptions): LoadedSpec {
  if (text === undefined) return loadSpec(path);
  const parsed = parseSpec(text);
  if (!parsed.ok) throw new UsageError(problemLines(path, parsed));
  return { spec: parsed.value, text, name: path };
}

async function pinsOf(
  spec: Spec,
  identity: Pick<Parameters<typeof planVmPins>[1], 'hostId' | 'kept'>,
  { host, world }: { readonly host: HostSource; readonly world: World },
): Promise<ReadonlyMap<string, VmPins>> {
  if (!hasPins(spec)) return new Map();
  const { domains } = world.everything ?? world;
  const defined = domains.flatMap(({ name, inactive }) => readDocuments({ label: name, text: inactive, isDefined: true }));
  return planVmPins(spec, { ...identity, defined, host: await lookForPins(host) });
}

/** What is not in the spec itself, and may be deleted. */
function pathsBeside({ domains, everything }: World, tpmFolder: string | null): readonly string[] {
  const live = everything?.domains ?? domains;
  const states = tpmFolder === null ? [] : live.map(({ uuid }) => join(tpmFolder, uuid));
  return [...live.flatMap((domain) => nvramOf(domain) ?? []), ...states];
}

/** libvirt src/qemu/qemu_conf.c: swtpmStorageDir. */
function tpmFolderOf(uri: ConnectionUri, { XDG_CONFIG_HOME: config = '', HOME: home = '' }: NodeJS.ProcessEnv): string | null {
  if (uri === 'qemu:///system') return '/var/lib/libvirt/swtpm';
  if (isAbsolute(config)) return join(config, 'libvirt/qemu/swtpm');
  return isAbsolute(home) ? join(home, '.config/libvirt/qemu/swtpm') : null;
}
