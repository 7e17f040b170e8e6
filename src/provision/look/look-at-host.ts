import { configSchema } from '../../config/schema.ts';
import { createFactStore } from '../../engine/fact-store.ts';
import { type Attempt, defineFact } from '../../facts/fact.ts';
import { listedFirmware } from '../../facts/firmware-descriptors.ts';
import { platform } from '../../facts/platform.ts';
import { findProgram } from '../../facts/program-path.ts';
import { swtpmTools } from '../../facts/swtpm.ts';
import { ABSENT, type Reading, unreadable } from '../../host/reading.ts';
import type { HostSource } from '../../host/source.ts';
import type { Desired } from '../desired.ts';
import type { HostLook, LookedFile } from '../host-look.ts';
import { freeBytes, parentOf } from './free-space.ts';
import { hostIdOf } from './host-id.ts';
import { hostPciIds } from './host-pci-ids.ts';
import { hostSubnets } from './host-subnets.ts';
import { lookedFile, lookedImage } from './looked-file.ts';
import { uefiFirmware } from './uefi-firmware.ts';

/**
 * Looks at what a spec asks of this machine, and at nothing else; what nobody asks for is absent. `others`: paths beside those of the spec
 * (the NVRAM of a VM as it is defined now, what a TPM holds). A host that hides things gives readings that say so; throws a `UsageError`
 * only when it cannot be told which machine it is.
 */
export async function lookAtHost(host: HostSource, desired: Desired, others: readonly string[] = []): Promise<HostLook> {
  const { networks, domains, connection } = desired;
  const store = createFactStore({ host, context: { config: configSchema.parse({ connection }) }, now: () => 0 });
  const [tpm, firmware] = await Promise.all([
    domains.some(({ spec }) => spec.tpm) ? store.get(tpmEmulator).then(seen) : ABSENT,
    domains.some(({ spec }) => spec.firmware === 'uefi') ? store.get(hostFirmware).then(seen) : ABSENT,
  ]);
  return {
    hostId: hostIdOf(host),
    files: filesOf(host, desired, others),
    freeBytes: new Map(folders(desired).map((folder) => [folder, freeBytes(host, folder)])),
    swtpm: tpm,
    dnsmasq: networks.some(({ hasDhcp }) => hasDhcp) ? findProgram(host, ['dnsmasq']) : ABSENT,
    firmware,
    pciIds: domains.some(({ spec }) => spec.gpu !== undefined) ? hostPciIds(host) : ABSENT,
    subnets: networks.length > 0 ? hostSubnets(host) : ABSENT,
  };
}

/** What a fact says, or why it could not be had. */
function seen<Value>(attempt: Attempt<Reading<Value>>): Reading<Value> {
  return attempt.ok ? attempt.value : unreadable('failed', `${attempt.error.source}: ${attempt.error.reason}`);
}

/** Without what domains name by path: that would ask libvirt. */
const hostFirmware = defineFact({
  id: 'hostFirmware',
  collect: async (host, _facts, { config }) => uefiFirmware(await listedFirmware(host, config.connection)),
});

/** libvirt starts a TPM with two programs; where one is missing it has none. */
const tpmEmulator = defineFact({
  id: 'tpmEmulator',
  wants: { platform },
  collect(host, facts): Reading<string> {
    const { swtpm, swtpm_setup: setup } = swtpmTools(host, facts.platform.ok ? facts.platform.value.distribution : null).tools;
    return swtpm.state === 'ok' && setup.state !== 'ok' ? setup : swtpm;
  },
});

function filesOf(host: HostSource, { volumes, domains }: Desired, others: readonly string[]): ReadonlyMap<string, Reading<LookedFile>> {
  const images = new Set(domains.flatMap(({ media }) => media.map(({ path }) => path)));
  const files = new Set([
    ...volumes.map(({ path }) => path),
    ...domains.flatMap(({ disks, nvramPath }) => [...disks, ...(nvramPath === null ? [] : [nvramPath])]),
    ...others,
  ]);
  return new Map([
    ...[...files].map((path) => [path, lookedFile(host, path)] as const),
    ...[...images].map((path) => [path, lookedImage(host, path)] as const),
  ]);
}

function folders({ volumes, pools }: Desired): readonly string[] {
  return [...new Set([...volumes.map(({ path }) => parentOf(path)), ...pools.map(({ path }) => path)])];
}
