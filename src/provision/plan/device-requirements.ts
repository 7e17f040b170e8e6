import type { DesiredDomain } from '../desired.ts';
import type { Tree } from '../tree.ts';
import { need, type Need } from './need.ts';
import type { PlannedObject } from './model.ts';
import type { PlanContext } from './request.ts';
import { counted, nameList } from './words.ts';

/** Addresses move when cards are added, and what is given away must be what was meant. */
export function deviceRequirements(context: PlanContext): readonly Need[] {
  const { pciIds } = context.look;
  const domains = context.desired.domains.filter(({ spec }) => spec.gpu !== undefined);
  if (domains.length === 0) return [];
  if (pciIds.state !== 'ok') {
    const detail = pciIds.state === 'unreadable' ? ` (${pciIds.detail})` : '';
    return [need('unseen', { objects: domains.map(objectOf), message: `could not look which PCI devices this host has${detail}` })];
  }
  return domains.flatMap((domain) => [...addressNeeds(domain, pciIds.value), ...holderNeeds(domain, context)]);
}

function addressNeeds(domain: DesiredDomain, there: ReadonlyMap<string, string>): readonly Need[] {
  const { devices = [], ids = [] } = domain.spec.gpu ?? {};
  return devices.flatMap((address, index) => {
    const found = there.get(address);
    const wanted = ids[index];
    if (found !== undefined && (wanted === undefined || wanted === found)) return [];
    const elsewhere = wanted === undefined ? [] : [...there].filter(([, id]) => id === wanted).map(([place]) => place);
    const message = found === undefined ? `no PCI device is at ${address}` : `the PCI device at ${address} is ${found}, not ${wanted}`;
    const fix =
      elsewhere.length > 0
        ? `${wanted} is at ${nameList(elsewhere)}: write that under gpu: devices`
        : 'Set gpu: devices and ids to what lspci -Dnn shows';
    return [need('missing', { objects: [objectOf(domain)], message, fix })];
  });
}

function holderNeeds(domain: DesiredDomain, { world, own }: PlanContext): readonly Need[] {
  const devices = domain.spec.gpu?.devices ?? [];
  return world.users
    .filter((user) => user.isActive && !own.has(user.domain))
    .flatMap((user) => {
      const held = devices.filter((address) => user.hostDevices?.includes(address) ?? false);
      if (held.length === 0) return [];
      const message = `${nameList(held)} belongs to the running VM ${user.domain}: this one cannot start meanwhile`;
      return [need('advice', { objects: [objectOf(domain)], message })];
    });
}

/** Two devices with one MAC address in one network take each other's packets. */
export function macRequirements({ desired, world, own }: PlanContext): readonly Need[] {
  const others = world.users.filter(({ domain }) => !own.has(domain));
  const taken = new Map(others.flatMap(({ domain, macs }) => (macs ?? []).map((mac) => [mac, domain] as const)));
  const known = desired.domains.flatMap((domain) =>
    macsOf(domain.tree).flatMap((mac) => {
      const holder = taken.get(mac);
      if (holder === undefined) return [];
      const message = `the MAC address ${mac} is that of ${holder}, which this spec does not have`;
      return [need('missing', { objects: [objectOf(domain)], message, fix: 'Set another mac under nics in the spec' })];
    }),
  );
  // Those that passcheck chooses are hashes: only one that a person chose can be another's, too.
  const explicit = desired.domains.filter(({ spec }) => spec.nics.some(({ mac }) => mac !== undefined)).map(objectOf);
  const unread = others.filter(({ macs }) => macs === undefined).length;
  if (explicit.length === 0 || unread === 0) return known;
  return [
    ...known,
    need('unseen', { objects: explicit, message: `could not look at the MAC addresses of ${counted(unread, 'other VM')}` }),
  ];
}

function macsOf(domain: Tree): readonly string[] {
  const devices = domain.children.filter(({ name }) => name === 'devices').flatMap(({ children }) => children);
  return devices
    .filter(({ name }) => name === 'interface')
    .flatMap(({ children }) => children.flatMap(({ name, attributes }) => (name === 'mac' ? (attributes['address'] ?? []) : [])));
}

function objectOf({ name }: DesiredDomain): PlannedObject {
  return { kind: 'domain', name };
}
