import { displayUses } from './display-uses.ts';
import type { Displays } from './displays.ts';
import type { DefinedDomain } from './domains.ts';
import type { FactError } from './fact-error.ts';
import type { Attempt } from './fact.ts';
import { isVfioDriver } from './gpu-devices.ts';
import type { SelectedGpu } from './passthrough.ts';
import { isDisplay, type PciDevice } from './pci-devices.ts';

/** What the host does with a device that is meant to be passed. */
export type HostUse =
  | { readonly kind: 'vfio'; readonly driver: string }
  /** No driver holds it, or pci-stub does, which only keeps others away. */
  | { readonly kind: 'free' }
  /** A driver of the host holds it, and nothing is lost when it is taken away. */
  | { readonly kind: 'idle'; readonly driver: string }
  /** It shows the host's picture or console. */
  | { readonly kind: 'in-use'; readonly driver: string; readonly source: string; readonly observed: string }
  | { readonly kind: 'unknown'; readonly driver: string | null; readonly source: string; readonly reason: string };

/** Is a device bound to vfio-pci, free, held by a driver that nobody needs, or in use as a display? */
export function hostUse(device: PciDevice, displays: Attempt<Displays>): HostUse {
  const source = `/sys/bus/pci/devices/${device.address}/driver`;
  if (device.driver.state === 'unreadable') return { kind: 'unknown', driver: null, source, reason: device.driver.detail };
  if (device.driver.state === 'absent' || device.driver.value === 'pci-stub') return { kind: 'free' };
  const driver = device.driver.value;
  if (isVfioDriver(driver)) return { kind: 'vfio', driver };
  if (!isDisplay(device)) return { kind: 'idle', driver };
  if (!displays.ok) return { kind: 'unknown', driver, source: displays.error.source, reason: displays.error.reason };
  const { uses, unseen } = displayUses(displays.value, device);
  const [use] = uses;
  if (use !== undefined) return { kind: 'in-use', driver, source: use.source, observed: use.observed };
  const [hidden] = unseen;
  if (hidden !== undefined) return { kind: 'unknown', driver, ...hidden };
  return { kind: 'idle', driver };
}

/**
 * Does libvirt take this function from the host when the domain starts? When the domains cannot be read, what the selection
 * saw of the GPU as a whole counts.
 */
export function isManagedByLibvirt(gpu: SelectedGpu, { address }: PciDevice, domains: Attempt<readonly DefinedDomain[]>): boolean {
  if (!gpu.isManaged || !domains.ok) return gpu.isManaged;
  return domains.value
    .filter(({ definition }) => gpu.domains.includes(definition.name))
    .some(({ definition }) => definition.pciDevices.some((given) => given.address === address && given.managed));
}

/** Why it is not known whether libvirt manages the GPU; null when it is known. */
export function hiddenManagement(gpu: SelectedGpu, domains: Attempt<readonly DefinedDomain[]>): FactError | null {
  return domains.ok || gpu.domains.length > 0 ? null : domains.error;
}

/**
 * Does a function of a card keep the virtual machine from starting when it does not go with the graphics function? A driver of
 * the host holds it, in the IOMMU group of the graphics function; an unknown group counts as the same.
 */
export function isInTheWay({ driver, iommuGroup }: PciDevice, graphics: PciDevice | undefined): boolean {
  if (driver.state !== 'ok' || isVfioDriver(driver.value) || driver.value === 'pci-stub') return false;
  if (iommuGroup.state !== 'ok' || graphics?.iommuGroup.state !== 'ok') return true;
  return iommuGroup.value === graphics.iommuGroup.value;
}

/** Does this function stay with the host while the GPU goes, without keeping the virtual machine from starting? */
export function isLeftWithHost(gpu: SelectedGpu, device: PciDevice, domains: Attempt<readonly DefinedDomain[]>): boolean {
  return staysBehind(gpu, device, domains) && !isInTheWay(device, graphicsOf(gpu));
}

/** The functions of a GPU that is bound or assigned already which keep it from starting, because the host holds them. */
export function functionsInTheWay(gpu: SelectedGpu, domains: Attempt<readonly DefinedDomain[]>): readonly PciDevice[] {
  return gpu.functions.filter((device) => staysBehind(gpu, device, domains) && isInTheWay(device, graphicsOf(gpu)));
}

function graphicsOf({ address, functions }: SelectedGpu): PciDevice | undefined {
  return functions.find((device) => device.address === address);
}

/** The graphics function is bound to vfio-pci or assigned, and this other one is not assigned. */
function staysBehind(gpu: SelectedGpu, device: PciDevice, domains: Attempt<readonly DefinedDomain[]>): boolean {
  const graphics = graphicsOf(gpu);
  if (graphics === undefined || device === graphics || device.driver.state === 'unreadable') return false;
  const isBound = graphics.driver.state === 'ok' && isVfioDriver(graphics.driver.value);
  if (!isBound && gpu.domains.length === 0) return false;
  return !(domains.ok ? domains.value : [])
    .filter(({ definition }) => gpu.domains.includes(definition.name))
    .some(({ definition }) => definition.pciDevices.some(({ address }) => address === device.address));
}
