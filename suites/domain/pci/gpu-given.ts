import type { DomainDocument } from '../../../src/domain/document.ts';
import { hostDevices, mediatedDevices } from '../../../src/domain/host-devices.ts';
import { first } from '../../../src/domain/xml.ts';
import { passesDeviceThrough, usesLookingGlass } from '../../../src/domain/applies.ts';
import type { CheckFacts } from '../../../src/engine/check.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { type Evidence, notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import { isGpu } from '../../../src/facts/gpu-devices.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { pciClassName, pciDeviceName } from '../../../src/facts/pci-names.ts';
import { presentDevices, sourceSpot } from '../pci-passthrough.ts';

type Facts = CheckFacts<'pciDevices', 'config' | 'pciNames'>;

export default defineDomainRule({
  id: 'domain/pci/gpu-given',
  title: 'A domain that is to have a GPU is given one',
  severity: 'blocker',
  host: ['pciDevices'],
  wantsHost: ['config', 'pciNames'],
  applies: [passesDeviceThrough],
  why: 'Addresses move when cards are added: a domain that should have the graphics card may be given a network card or a drive in its place.',
  sources: ['https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate(document, facts) {
    const [gpu] = presentDevices(document, facts.pciDevices).filter(({ device }) => isGpu(device));
    const [slice] = mediatedDevices(document);
    const asked = configured(document, facts);
    const missing = asked.filter((device) => !hostDevices(document).some(({ address }) => address === device.address));
    const [meant] = missing;
    if (meant !== undefined && missing.length === asked.length) return withoutMeant(document, meant, facts);
    if (gpu !== undefined) return passAt(document, sourceSpot(gpu.given));
    if (slice !== undefined) return passAt(document, slice);
    return withoutGpu(document, facts);
  },
});

/** What passcheck.yaml means for this domain: nothing, unless it names the domain and a GPU. */
function configured(document: DomainDocument, { config, pciDevices }: Facts): readonly PciDevice[] {
  if (!config.ok || !config.value.vms.includes(document.domain.name)) return [];
  const { gpu, ids } = config.value;
  return pciDevices.filter(
    (device) => isGpu(device) && (gpu.includes(device.address) || ids.includes(`${device.vendor}:${device.device}`)),
  );
}

function withoutMeant(document: DomainDocument, meant: PciDevice, facts: Facts): Outcome {
  return failAt(
    document,
    first(document.root, 'devices') ?? document.root,
    `passcheck.yaml means ${meant.address} for ${document.domain.name}, which is not given it`,
    {
      evidence: [{ source: `/sys/bus/pci/devices/${meant.address}`, observed: nameOf(meant, facts) }],
      remedy: xmlRemedy(document, `Give ${document.domain.name} the GPU ${meant.address}, or correct passcheck.yaml`),
    },
  );
}

/** A domain with network cards or drives alone is an ordinary one, unless it has nothing else to show its picture. */
function withoutGpu(document: DomainDocument, facts: Facts): Outcome {
  const given = presentDevices(document, facts.pciDevices);
  const [one] = given;
  if (one === undefined) return notApplicable('no PCI device that is there is passed through');
  const names = given
    .map(({ device }) => `${device.address} (${pciClassName(namesOf(facts), device) ?? nameOf(device, facts)})`)
    .slice(0, 4);
  const why = needsGpu(document);
  if (why === null) return notApplicable(`no GPU is passed, only ${names.join(', ')}`);
  return failAt(document, sourceSpot(one.given), `no GPU is among what is passed (${names.join(', ')}), and ${why}`, {
    expected: 'the address of a GPU',
    evidence: facts.pciDevices
      .filter(isGpu)
      .slice(0, 4)
      .map((device): Evidence => ({ source: `/sys/bus/pci/devices/${device.address}`, observed: nameOf(device, facts) })),
    remedy: xmlRemedy(document, 'Write the address that lspci -D shows for the GPU now'),
    severity: 'major',
  });
}

function needsGpu(document: DomainDocument): string | null {
  if (hostDevices(document).some(({ rom }) => rom?.attributes['file'] !== undefined))
    return 'one of them is given the ROM of a graphics card';
  if (usesLookingGlass(document) === null) return 'Looking Glass has nothing to show';
  return document.domain.hasVideo ? null : 'the guest has no other display';
}

function namesOf({ pciNames }: Facts): ReadonlyMap<string, string> {
  return pciNames.ok ? pciNames.value : new Map();
}

function nameOf(device: PciDevice, facts: Facts): string {
  return pciDeviceName(namesOf(facts), device);
}
