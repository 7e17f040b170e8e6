import type { Applicability } from '../../src/domain/applies.ts';
import type { DomainDocument } from '../../src/domain/document.ts';
import { type HostDevice, hostDevices, mediatedDevices } from '../../src/domain/host-devices.ts';
import { type Spot, locate } from '../../src/domain/locate.ts';
import { all, attribute } from '../../src/domain/xml.ts';
import { qemuDevices } from '../../src/domain/qemu-devices.ts';
import type { SubjectOutcome } from '../../src/engine/check.ts';
import { seenAt } from '../../src/engine/domain-outcome.ts';
import type { Judgement } from '../../src/engine/domain-rule.ts';
import { couldNotCollect, type Outcome, type Severity } from '../../src/engine/outcome.ts';
import type { FactError } from '../../src/facts/fact-error.ts';
import type { DefinedDomain } from '../../src/facts/domains.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import { firstOfSlot, gpuFunctions, isGpu, withGpuFunctions } from '../../src/facts/gpu-devices.ts';
import type { Passthrough, SelectedGpu } from '../../src/facts/passthrough.ts';
import type { PciDevice } from '../../src/facts/pci-devices.ts';

// What a definition passes, in the words of the preflight checks: they judge it, so that both say the same of one host.

/** Of a definition that gives the guest no PCI device of the host there is nothing to ask a host. */
export const givesHostDevice: Applicability = ({ domain }) => (domain.pciDevices.length > 0 ? null : 'no PCI device of the host is given');

/** The domain as one that libvirt has, and the only one: what others are given is not this domain's question. */
export function asDefined({ domain }: Pick<DomainDocument, 'domain'>): Attempt<readonly DefinedDomain[]> {
  return { ok: true, value: [{ definition: domain, state: 'shut off' }] };
}

/** The GPUs that a definition is given, and everything else that goes with them. */
export function passthroughOf({ domain, label }: Pick<DomainDocument, 'domain' | 'label'>, devices: readonly PciDevice[]): Passthrough {
  const given = new Map(domain.pciDevices.map((device) => [device.address, device]));
  const gpus = firstOfSlot(devices.filter((device) => given.has(device.address) && isGpu(device))).map((gpu): SelectedGpu => {
    const functions = gpuFunctions(devices, gpu);
    const assigned = functions.flatMap(({ address }) => given.get(address) ?? []);
    return {
      address: gpu.address,
      functions,
      domains: [domain.name],
      isManaged: assigned.every(({ managed }) => managed),
      reasons: [`assigned to ${domain.name}`],
    };
  });
  return {
    gpus,
    basis: 'assigned',
    source: label,
    candidates: gpus.map(({ address }) => address),
    problems: [],
    devices: withGpuFunctions(devices, [...given.keys()]),
    unseen: [],
  };
}

/** A fact of the host that could not be had. */
export function unseen(error: FactError, severity?: Severity): Outcome {
  return couldNotCollect(error, `look at ${error.source} by hand`, severity);
}

/** What a preflight check says, told at the device in the definition that it is about. */
export function atDevices(document: DomainDocument, said: Outcome | readonly SubjectOutcome[]): Judgement {
  if ('status' in said) return said;
  const byAddress = new Map(hostDevices(document).flatMap((device) => (device.address === null ? [] : [[device.address, device]])));
  return said.map(({ subject, outcome }) => atDevice(document, byAddress.get(subject), subject, outcome));
}

function atDevice(document: DomainDocument, device: HostDevice | undefined, subject: string, outcome: Outcome): Outcome {
  if (outcome.status === 'not-applicable') return { ...outcome, message: `${subject}: ${outcome.message}` };
  if (device === undefined) return withSubject(subject, outcome);
  const seen = seenAt(document, sourceSpot(device));
  if (outcome.status === 'fail')
    return { ...withSubject(subject, outcome), evidence: [seen, ...outcome.evidence], location: locate(document, sourceSpot(device)) };
  return { ...withSubject(subject, outcome), evidence: [seen, ...outcome.evidence] };
}

/** A message that does not name its device is told with it. */
function withSubject<One extends Exclude<Outcome, { status: 'not-applicable' }>>(subject: string, outcome: One): One {
  const { message } = outcome;
  return message === undefined || message.includes(subject) ? outcome : { ...outcome, message: `${subject}: ${message}` };
}

/** Where a host device is written: its source address, which names it. */
export function sourceSpot({ element }: HostDevice): Spot {
  return all(element, 'source', 'address')[0] ?? element;
}

/** The host's view of each device that is given and there. */
export function presentDevices(
  document: Pick<DomainDocument, 'root'>,
  devices: readonly PciDevice[],
): readonly { readonly given: HostDevice; readonly device: PciDevice }[] {
  const byAddress = new Map(devices.map((device) => [device.address, device]));
  return hostDevices(document).flatMap((given) => {
    const device = given.address === null ? undefined : byAddress.get(given.address);
    return device === undefined ? [] : [{ given, device }];
  });
}

/** Does QEMU open a device with VFIO: a PCI device, an SR-IOV function or a slice? An NVMe drive as a disk has a driver of its own. */
export function vfioDevices(document: DomainDocument): boolean {
  const given = hostDevices(document).some(({ kind }) => kind !== 'disk');
  const sliced = mediatedDevices(document).some((element) => attribute(element, 'model') === 'vfio-pci');
  return given || sliced || qemuDevices(document).some(({ driver }) => driver === 'vfio-pci');
}
