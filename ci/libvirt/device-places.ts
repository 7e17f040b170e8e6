import { attribute, first, type XmlElement } from '../../src/domain/xml.ts';

/** Devices of a domain that do not have one address in all of its versions: a guest sees other hardware then. Those that came or went do not count. */
export function movedDevices(...versions: readonly XmlElement[]): string[] {
  const places = versions.map(placesOf);
  return [...(places[0]?.keys() ?? [])].flatMap((device) => {
    const had = places.map((version) => version.get(device));
    return had.includes(undefined) || new Set(had).size === 1 ? [] : [`${device}: ${had.join(' → ')}`];
  });
}

function placesOf(domain: XmlElement): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const device of first(domain, 'devices')?.children ?? []) {
    const address = first(device, 'address');
    if (address === undefined) continue;
    const place = Object.entries(address.attributes).map(([name, value]) => `${name} ${value}`);
    places.set(keyOf(device, places), place.join(' '));
  }
  return places;
}

/** libvirt gives other models of the same device the same place. */
function keyOf(device: XmlElement, taken: ReadonlyMap<string, string>): string {
  const name =
    attribute(first(device, 'alias'), 'name') ??
    attribute(first(device, 'target'), 'name') ??
    [attribute(device, 'type'), attribute(device, 'index'), attribute(device, 'bus')].filter((part) => part !== null).join(' ');
  const key = `${device.name} ${name}`.trim();
  return taken.has(key) ? keyOf({ ...device, name: `${device.name} more` }, taken) : key;
}
