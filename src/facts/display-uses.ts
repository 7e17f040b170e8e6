import type { Reading } from '../host/reading.ts';
import type { Displays, VirtualConsole } from './displays.ts';
import type { PciDevice } from './pci-devices.ts';

/** One thing that a card shows now. */
interface DisplayUse {
  readonly kind: 'connector' | 'console';
  /** A path that the user can look at. */
  readonly source: string;
  readonly observed: string;
}

/** What a card shows, and what could not be looked at while asking. */
export interface DisplayUses {
  readonly uses: readonly DisplayUse[];
  readonly unseen: readonly { readonly source: string; readonly reason: string }[];
}

type Card = Pick<PciDevice, 'address' | 'bootVga' | 'driver' | 'classCode'>;

/** The outputs that a card drives, and the text console where it is on this card. */
export function displayUses(displays: Displays, device: Card): DisplayUses {
  const unseen: { source: string; reason: string }[] = [];
  const see = <T>(source: string, reading: Reading<T>, otherwise: T): T => {
    if (reading.state === 'unreadable') unseen.push({ source, reason: reading.detail });
    return reading.state === 'ok' ? reading.value : otherwise;
  };
  const connectors = see('/sys/class/drm', displays.cards, [])
    .filter((card) => card.device === device.address)
    .flatMap((card) => card.connectors)
    .filter(({ name, status, isEnabled }) => {
      const isConnected = see(`/sys/class/drm/${name}/status`, status, '') === 'connected';
      return see(`/sys/class/drm/${name}/enabled`, isEnabled, false) && isConnected;
    })
    .map(({ name }): DisplayUse => ({ kind: 'connector', source: `/sys/class/drm/${name}`, observed: 'connected, enabled' }));
  const bound = see('/sys/class/vtconsole', displays.consoles, []).filter(({ name, isBound }) =>
    see(`/sys/class/vtconsole/${name}/bind`, isBound, false),
  );
  if (hidesOutputs(displays, device)) {
    unseen.push({ source: '/sys/class/drm', reason: `nvidia shows no outputs of ${device.address}: a desktop on it would not be seen` });
  }
  return { uses: [...connectors, ...bound.flatMap((console) => consoleUse(console, device, displays, see) ?? [])], unseen };
}

/**
 * The proprietary driver without kernel mode setting (nvidia_drm.modeset=0) has no connectors in /sys although it drives
 * monitors. Cards of data centres (class 0x0302) have no outputs at all.
 */
function hidesOutputs({ cards }: Displays, { address, driver, classCode }: Card): boolean {
  if (driver.state !== 'ok' || driver.value !== 'nvidia' || !classCode.startsWith('0300') || cards.state !== 'ok') return false;
  return !cards.value.some(({ device, connectors }) => device === address && connectors.length > 0);
}

type See = <T>(source: string, reading: Reading<T>, otherwise: T) => T;

function consoleUse({ name, kind }: VirtualConsole, device: Card, displays: Displays, see: See): DisplayUse | null {
  if (kind === 'vga') {
    const isBoot = see(`/sys/bus/pci/devices/${device.address}/boot_vga`, device.bootVga, false);
    return isBoot ? { kind: 'console', source: `/sys/class/vtconsole/${name}`, observed: 'VGA text console on the boot display' } : null;
  }
  if (kind !== 'framebuffer') return null;
  const [first] = see('/sys/class/graphics', displays.framebuffers, []);
  if (first === undefined) return null;
  const use: DisplayUse = {
    kind: 'console',
    source: `/sys/class/graphics/fb${first.index}`,
    observed: `${first.name ?? 'framebuffer'}, with the text console`,
  };
  if (first.device !== null) return first.device === device.address ? use : null;
  // Before kernel 6.9 a framebuffer of the firmware has no PCI parent: /proc/iomem or boot_vga tells whose memory it is.
  const owners = see('/proc/iomem', displays.firmwareFramebuffers, []).flatMap((region) => region.device ?? []);
  if (owners.length > 0) return owners.includes(device.address) ? use : null;
  return see(`/sys/bus/pci/devices/${device.address}/boot_vga`, device.bootVga, false) ? use : null;
}
