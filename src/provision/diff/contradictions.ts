import type { XmlElement } from '../../domain/xml.ts';
import type { Tree } from '../tree.ts';
import { type Leaving, wayTo } from './consequences.ts';
import { below, childrenOf, valueOf } from './item.ts';

/** Live elements that were found to be wanted, and those that go. */
export interface Standing {
  readonly kept: ReadonlySet<XmlElement>;
  readonly removed: ReadonlySet<XmlElement>;
}

/** What contradicts a whole definition that is wanted by being there: where leaving out means something. */
export function contradictionsOf(desired: Tree, live: XmlElement, standing: Standing): readonly Leaving[] {
  if (desired.name === 'network') return below(desired, 'forward') === undefined ? whole(live, ['forward']) : [];
  if (desired.name !== 'domain') return [];
  return [
    ...otherFirmware(desired, live),
    ...otherBootOrder(desired, live, standing),
    ...fewerVcpus(desired, live),
    ...consolesOfNothing(live, standing),
    ...noUsb(desired, live),
  ];
}

function whole(live: XmlElement, path: readonly string[]): readonly Leaving[] {
  const way = wayTo(live, path);
  return way === null ? [] : [{ way, attribute: null, isText: false }];
}

/** No firmware is wanted: SeaBIOS, and that is no UEFI. */
function otherFirmware(desired: Tree, live: XmlElement): readonly Leaving[] {
  const wanted = below(desired, 'os');
  const os = below(live, 'os');
  if (wanted === undefined || os === undefined || valueOf(wanted, 'firmware') !== null || below(wanted, 'loader') !== undefined) return [];
  const isChosen = valueOf(os, 'firmware') === 'efi';
  if (!isChosen && valueOf(below(os, 'loader'), 'type') !== 'pflash') return [];
  const parts = ['firmware', 'loader', 'nvram'].flatMap((name) => whole(live, ['os', name]));
  return isChosen ? [{ way: [os], attribute: 'firmware', isText: false }, ...parts] : parts;
}

/** libvirt takes either an order of kinds or an order of devices, and each number once. */
function otherBootOrder(desired: Tree, live: XmlElement, { kept }: Standing): readonly Leaving[] {
  const wanted = below(desired, 'devices')?.children ?? [];
  const orders = new Set(wanted.map((device) => valueOf(below(device, 'boot'), 'order')).filter((order) => order !== null));
  const isByKind = childrenOf(below(desired, 'os'), 'boot').length > 0;
  const [os, devices] = [below(live, 'os'), below(live, 'devices')];
  const found: (readonly XmlElement[])[] = [];
  if (os !== undefined && orders.size > 0) found.push(...childrenOf(os, 'boot').map((boot) => [os, boot]));
  for (const device of devices?.children ?? []) {
    const boot = below(device, 'boot');
    if (devices === undefined || boot === undefined || kept.has(boot)) continue;
    if (isByKind || orders.has(valueOf(boot, 'order') ?? '')) found.push([devices, device, boot]);
  }
  return found.map((way) => ({ way, attribute: null, isText: false }));
}

/** There are never more vCPUs at the start than there are. */
function fewerVcpus(desired: Tree, live: XmlElement): readonly Leaving[] {
  const element = below(live, 'vcpu');
  const current = Number(valueOf(element, 'current') ?? 0);
  const wanted = below(desired, 'vcpu');
  if (element === undefined || wanted === undefined || valueOf(wanted, 'current') !== null) return [];
  return current > Number(wanted.text ?? 0) ? [{ way: [element], attribute: 'current', isText: false }] : [];
}

/** libvirt writes a console for the first serial port, and makes a serial port for such a console. */
function consolesOfNothing(live: XmlElement, { kept, removed }: Standing): readonly Leaving[] {
  const devices = below(live, 'devices');
  const ports = childrenOf(devices, 'serial');
  if (devices === undefined || ports.length === 0 || !ports.every((port) => removed.has(port))) return [];
  const consoles = childrenOf(devices, 'console').filter((item) => (valueOf(below(item, 'target'), 'type') ?? 'serial') === 'serial');
  return consoles.filter((item) => !kept.has(item)).map((item) => ({ way: [devices, item], attribute: null, isText: false }));
}

/** A controller that says that there is no USB. */
function noUsb(desired: Tree, live: XmlElement): readonly Leaving[] {
  const devices = below(live, 'devices');
  const isWanted = below(desired, 'devices')?.children.some((device) => valueOf(device, 'bus') === 'usb') === true;
  if (devices === undefined || !isWanted) return [];
  const controllers = childrenOf(devices, 'controller').filter(
    (item) => valueOf(item, 'type') === 'usb' && valueOf(item, 'model') === 'none',
  );
  return controllers.map((item) => ({ way: [devices, item], attribute: null, isText: false }));
}
