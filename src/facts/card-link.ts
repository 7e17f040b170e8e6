import type { PciConfig } from './pci-config.ts';
import type { PciDevice, PciLink } from './pci-devices.ts';

/** The link between a card and the slot that it sits in. */
export interface CardLink {
  /** The function whose link it is: the card's own switch where it has one. */
  readonly address: string;
  readonly link: PciLink | null;
  /** The port of the board above. */
  readonly slot: { readonly address: string; readonly link: PciLink | null } | null;
}

/**
 * Ports of switches that sit on graphics cards: AMD Vega 10 and Navi, Intel Arc. Behind one, the GPU reports the link inside
 * the card, which is always full (AMD) or always 2.5 GT/s x1 (Arc).
 */
const CARD_SWITCHES = new Set([
  '1022:1470',
  '1022:1471',
  '1002:1478',
  '1002:1479',
  '8086:4fa0',
  '8086:4fa1',
  '8086:4fa4',
  '8086:e2ff',
  '8086:e2f0',
  '8086:e2f1',
]);

/** Follows the bridges above a GPU to where the card ends. `pciConfig` tells switches from root ports where it could be read. */
export function cardLink(devices: readonly PciDevice[], gpu: PciDevice, pciConfig: PciConfig | null): CardLink {
  const above = gpu.upstream.flatMap((address) => devices.find((device) => device.address === address) ?? []);
  const inside = above.findIndex((bridge) => !isCardSwitch(bridge, gpu, pciConfig));
  const own = inside === -1 ? above : above.slice(0, inside);
  const edge = own.at(-1) ?? gpu;
  const slot = above[own.length];
  return { address: edge.address, link: edge.link, slot: slot === undefined ? null : { address: slot.address, link: slot.link } };
}

function isCardSwitch(bridge: PciDevice, gpu: PciDevice, pciConfig: PciConfig | null): boolean {
  if (CARD_SWITCHES.has(`${bridge.vendor}:${bridge.device}`)) return true;
  const space = pciConfig?.get(bridge.address);
  if (space?.state !== 'ok' || space.value.capabilities.state !== 'ok') return false;
  const type = space.value.capabilities.value.express?.portType;
  return bridge.vendor === gpu.vendor && (type === 'upstream-port' || type === 'downstream-port');
}
