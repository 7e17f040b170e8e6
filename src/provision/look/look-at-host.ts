import { configSchema } from '../../config/schema.ts';
import { createFactStore } from '../../engine/fact-store.ts';
import { defineFact, type Fact } from '../../facts/fact.ts';
import { listedFirmware } from '../../facts/firmware-descriptors.ts';
import { findProgram } from '../../facts/program-path.ts';
import { type Swtpm, swtpm } from '../../facts/swtpm.ts';
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
  const asked = async <Value, Seen>(isAsked: boolean, fact: Fact<Value>, read: (value: Value) => Reading<Seen>): Promise<Reading<Seen>> => {
    if (!isAsked) return ABSENT;
    const attempt = await store.get(fact);
    return attempt.ok ? read(attempt.value) : unreadable('failed', `${attempt.error.source}: ${attempt.error.reason}`);
  };
  const [tpm, firmware] = await Promise.all([
    asked(
      domains.some(({ spec }) => spec.tpm),
      swtpm,
      tpmEmulator,
    ),
    asked(
      domains.some(({ spec }) => spec.firmware === 'uefi'),
      hostFirmware,
      uefiFirmware,
    ),
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

/** Without what domains name by path: that would ask libvirt. */
const hostFirmware = defineFact({ id: 'hostFirmware', collect: (host, _facts, { config }) => listedFirmware(host, config.connection) });

/** libvirt starts a TPM with two programs; where one is missing it has none. */
function tpmEmulator({ tools }: Swtpm): Reading<string> {
  return tools.swtpm.state === 'ok' && tools.swtpm_setup.state !== 'ok' ? tools.swtpm_setup : tools.swtpm;
}

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
