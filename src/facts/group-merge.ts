import type { IommuGroup } from './iommu.ts';
import type { PciAcs, PciCapabilities } from './pci-config-space.ts';
import type { PciConfig } from './pci-config.ts';
import type { PciDevice } from './pci-devices.ts';

/** Why the kernel put devices into one group. */
export interface MergeReason {
  /** The bridge, or the function without isolation. */
  readonly address: string;
  readonly reason: string;
  readonly kind: 'conventional' | 'no-acs' | 'hidden';
}

/** SV, RR, CR, UF: what the kernel asks of every port on the way. drivers/iommu/iommu.c, REQ_ACS_FLAGS */
const REQUIRED = 0x1d;
/** Source validation, request redirect, completion redirect, upstream forwarding; names as lspci prints them. */
const FLAGS: readonly (readonly [number, string])[] = [
  [0x01, 'SrcValid'],
  [0x04, 'ReqRedir'],
  [0x08, 'CmpltRedir'],
  [0x10, 'UpstreamFwd'],
];

/**
 * The bridges above the passed devices that are in their group, because they do not keep what is behind them apart; without
 * any, the passed functions themselves when they share their slot with the others. Vendor quirks of the kernel can add
 * isolation that no register shows, so this explains a group that is there; it never predicts one.
 */
export function mergeReasons(group: IommuGroup, passed: readonly PciDevice[], config: PciConfig): MergeReason[] {
  const above = new Set(passed.flatMap(({ upstream }) => upstream.filter((address) => group.devices.includes(address))));
  if (above.size > 0) return [...above].toSorted().flatMap((address) => bridgeReason(address, config) ?? []);
  const slots = new Set(passed.map(({ address }) => slotOf(address)));
  const passedAddresses = new Set(passed.map(({ address }) => address));
  const siblings = group.devices.filter((name) => slots.has(slotOf(name)) && !passedAddresses.has(name));
  return siblings.map((address) => ({
    address,
    kind: 'no-acs',
    reason: 'a function of the same device, without Access Control Services between them',
  }));
}

function slotOf(address: string): string {
  return address.slice(0, address.lastIndexOf('.'));
}

function bridgeReason(address: string, config: PciConfig): MergeReason | null {
  const space = config.get(address);
  if (space === undefined || space.state === 'absent') return { address, kind: 'hidden', reason: 'its configuration space was not read' };
  if (space.state === 'unreadable') return { address, kind: 'hidden', reason: space.detail };
  const { capabilities, isMultiFunction } = space.value;
  if (capabilities.state !== 'ok') {
    return { address, kind: 'hidden', reason: capabilities.state === 'unreadable' ? capabilities.detail : 'no capabilities' };
  }
  const found = judgePort(capabilities.value, isMultiFunction);
  return found === null ? null : { address, ...found };
}

function judgePort({ express, acs }: PciCapabilities, isMultiFunction: boolean): Omit<MergeReason, 'address'> | null {
  if (express === null) return { kind: 'conventional', reason: 'a conventional PCI bridge: what is behind it cannot be told apart' };
  if (express.portType === 'pcie-to-pci-bridge' || express.portType === 'pci-to-pcie-bridge') {
    return { kind: 'conventional', reason: 'a bridge to conventional PCI: what is behind it cannot be told apart' };
  }
  // A switch's upstream port needs services only when it is one of several functions.
  if (express.portType === 'upstream-port' && !isMultiFunction) return null;
  if (acs.state !== 'ok') return { kind: 'hidden', reason: acs.state === 'unreadable' ? acs.detail : 'not there' };
  const port = PORTS[express.portType] ?? 'a port';
  if (acs.value === null) return { kind: 'no-acs', reason: `${port} without Access Control Services` };
  const missing = missingFlags(acs.value);
  return missing.length === 0 ? null : { kind: 'no-acs', reason: `${port} whose Access Control Services lack ${missing.join(', ')}` };
}

const PORTS: Readonly<Record<string, string>> = {
  'root-port': 'a root port',
  'upstream-port': 'the upstream port of a switch',
  'downstream-port': 'a downstream port of a switch',
};

/** What a port does not have, the kernel does not ask of it: pci_acs_flags_enabled() in drivers/pci/pci.c. */
function missingFlags({ capability, control }: PciAcs): string[] {
  const missing = REQUIRED & capability & ~control;
  return FLAGS.filter(([bit]) => (missing & bit) !== 0).map(([, name]) => name);
}
