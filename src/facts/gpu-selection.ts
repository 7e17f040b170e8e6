import type { Config } from '../config/schema.ts';
import { configuredGpus } from './configured-gpus.ts';
import type { DefinedDomain } from './domains.ts';
import { firstOfSlot, gpuFunctions, isIntegrated, isLikelyGpu } from './gpu-devices.ts';
import { assignedGpus, boundGpus, type GpuEvidence, namedGpus } from './gpu-evidence.ts';
import type { Passthrough, SelectedGpu, SelectionBasis } from './passthrough.ts';
import type { PciDevice } from './pci-devices.ts';
import type { VfioPciId } from './vfio-pci-ids.ts';

/** What decides which GPU is meant. */
export interface SelectionInput {
  readonly devices: readonly PciDevice[];
  readonly config: Pick<Config, 'gpu' | 'ids' | 'vms'>;
  /** Every defined domain; none when libvirt could not be asked (say so in `unseen`). */
  readonly domains: readonly DefinedDomain[];
  /** In force at the next load of vfio-pci. */
  readonly ids: readonly VfioPciId[];
  readonly unseen: readonly string[];
}

/**
 * Chooses the GPU: the configured one; else what is assigned, bound or named, all of them together; else the only likely
 * GPU that is not the boot display, or the boot display where it is the only graphics card.
 */
export function selectGpus(input: SelectionInput): Passthrough {
  const { devices, config } = input;
  const domains = config.vms.length > 0 ? input.domains.filter(({ definition }) => config.vms.includes(definition.name)) : input.domains;
  const unseen = [...input.unseen, ...unseenDrivers(devices)];
  const candidates = likelyGpus(devices);
  if (config.gpu.length > 0 || config.ids.length > 0) {
    const { evidence, problems } = configuredGpus(devices, config);
    return toPassthrough({ input, domains, evidence, candidates, problems, unseen });
  }
  const strong = [...assignedGpus(devices, domains), ...boundGpus(devices)];
  const named = namedGpus(devices, input.ids, strong);
  const evidence = [...strong, ...named.evidence];
  if (evidence.length > 0) return toPassthrough({ input, domains, evidence, candidates, problems: [], unseen });
  if (named.ambiguous.length > 0) {
    const [{ source } = { source: '' }] = named.ambiguous;
    return nothing({ source, candidates: addresses(named.ambiguous), unseen, problems: missingOf(input, domains, []) });
  }
  return chooseByDisplay({ input, domains, candidates, unseen });
}

interface Draft {
  readonly input: SelectionInput;
  readonly domains: readonly DefinedDomain[];
  readonly candidates: readonly PciDevice[];
  readonly unseen: readonly string[];
}

function chooseByDisplay({ input, domains, candidates, unseen }: Draft): Passthrough {
  const boot = candidates.filter(({ bootVga }) => bootVga.state === 'ok' && bootVga.value);
  const hidden = candidates.filter(({ bootVga }) => bootVga.state === 'unreadable');
  // Only one display can be the boot display: once it is known, nothing is hidden about the others.
  const unseenBoot =
    boot.length > 0 || candidates.length < 2 ? [] : hidden.map(({ address }) => `/sys/bus/pci/devices/${address}/boot_vga`);
  const { meant, reason } = likeliest(input.devices, candidates, boot);
  const allUnseen = [...unseen, ...unseenBoot];
  const [device] = meant;
  if (device === undefined || meant.length > 1) {
    const shown = meant.map(({ address }) => address);
    return nothing({ source: '/sys/bus/pci/devices', candidates: shown, unseen: allUnseen, problems: missingOf(input, domains, []) });
  }
  const evidence = [{ basis: 'only-candidate' as const, device, source: `/sys/bus/pci/devices/${device.address}`, reason }];
  return toPassthrough({ input, domains, evidence, candidates: meant, problems: [], unseen: allUnseen });
}

/** Cards before the graphics of the processor: nobody buys a card for the host to give the guest what came with the CPU. */
function likeliest(
  devices: readonly PciDevice[],
  candidates: readonly PciDevice[],
  boot: readonly PciDevice[],
): { readonly meant: readonly PciDevice[]; readonly reason: string } {
  if (candidates.length === 1) return { meant: candidates, reason: 'the only GPU' };
  const cards = candidates.filter((device) => !isIntegrated(devices, device));
  if (cards.length === 1 && boot.some((device) => cards.includes(device))) return { meant: cards, reason: 'the only graphics card' };
  const others = candidates.filter((device) => !boot.includes(device));
  const otherCards = others.filter((device) => cards.includes(device));
  const reason = 'the only display device that is not the boot display';
  if (otherCards.length === 0 || otherCards.length === others.length) return { meant: others, reason };
  return { meant: otherCards, reason: 'the only graphics card that is not the boot display' };
}

type Evidence = Omit<GpuEvidence, 'basis'> & { readonly basis: SelectionBasis };

function toPassthrough(draft: Draft & { readonly evidence: readonly Evidence[]; readonly problems: readonly string[] }): Passthrough {
  const { input, domains, evidence, candidates, problems, unseen } = draft;
  const gpus = firstOfSlot(sortByAddress(evidence.map(({ device }) => device))).map((gpu) =>
    toSelected(input.devices, gpu, domains, evidence),
  );
  const given = domains.filter(
    ({ definition }) => input.config.vms.length > 0 || gpus.some((gpu) => gpu.domains.includes(definition.name)),
  );
  const passed = [
    ...gpus.flatMap(({ functions }) => functions.map(({ address }) => address)),
    ...given.flatMap(({ definition }) => definition.pciDevices.map(({ address }) => address)),
  ];
  const basis = ORDER.find((one) => evidence.some((found) => found.basis === one)) ?? null;
  return {
    gpus,
    basis,
    source: [...new Set(evidence.map(({ source }) => source))].join(', ') || 'passcheck.yaml',
    candidates: candidates.map(({ address }) => address),
    problems: [...problems, ...missingOf(input, domains, gpus)],
    devices: [...new Set(passed)].filter((address) => input.devices.some((device) => device.address === address)).toSorted(),
    unseen,
  };
}

const ORDER = ['configured', 'assigned', 'bound', 'named', 'only-candidate'] as const satisfies readonly SelectionBasis[];

function toSelected(
  devices: readonly PciDevice[],
  gpu: PciDevice,
  domains: readonly DefinedDomain[],
  evidence: readonly Evidence[],
): SelectedGpu {
  const functions = gpuFunctions(devices, gpu);
  const isPart = (address: string): boolean => functions.some((one) => one.address === address);
  const assigned = domains.flatMap(({ definition }) => definition.pciDevices.filter(({ address }) => isPart(address)));
  return {
    address: gpu.address,
    functions,
    domains: domains
      .filter(({ definition }) => definition.pciDevices.some(({ address }) => address === gpu.address))
      .map(({ definition }) => definition.name),
    isManaged: assigned.length > 0 && assigned.every(({ managed }) => managed),
    reasons: [...new Set(evidence.filter(({ device }) => isPart(device.address)).map(({ reason }) => reason))],
  };
}

/** Devices that a domain is given and that are not there: of the domains that are meant, or of all when no GPU was found. */
function missingOf({ devices, config }: SelectionInput, domains: readonly DefinedDomain[], gpus: readonly SelectedGpu[]): string[] {
  const isMeant = ({ definition }: DefinedDomain): boolean =>
    config.vms.length > 0 || !gpus.some((gpu) => gpu.domains.length > 0) || gpus.some((gpu) => gpu.domains.includes(definition.name));
  return domains
    .filter(isMeant)
    .flatMap(({ definition }) =>
      definition.pciDevices
        .filter(({ address }) => !devices.some((device) => device.address === address))
        .map(({ address }) => `${definition.name} is given ${address}, and there is no such device`),
    );
}

function nothing(given: Pick<Passthrough, 'source' | 'candidates' | 'unseen' | 'problems'>): Passthrough {
  return { gpus: [], basis: null, devices: [], ...given };
}

function likelyGpus(devices: readonly PciDevice[]): readonly PciDevice[] {
  return firstOfSlot(devices.filter(isLikelyGpu));
}

function unseenDrivers(devices: readonly PciDevice[]): string[] {
  return devices
    .filter((device) => isLikelyGpu(device) && device.driver.state === 'unreadable')
    .map(({ address }) => `/sys/bus/pci/devices/${address}/driver`);
}

function addresses(evidence: readonly GpuEvidence[]): string[] {
  return [...new Set(evidence.map(({ device }) => device.address))].toSorted();
}

function sortByAddress(devices: readonly PciDevice[]): PciDevice[] {
  return [...new Set(devices)].toSorted((a, b) => (a.address < b.address ? -1 : 1));
}
