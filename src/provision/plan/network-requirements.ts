import type { DesiredNetwork } from '../desired.ts';
import { bridgeOf, definedBridge } from './definition.ts';
import { need, type Need, thingNeed } from './need.ts';
import type { PlannedObject } from './model.ts';
import type { PlanContext } from './request.ts';

/** An address that the host has elsewhere makes both unreachable. */
export function subnetRequirements(context: PlanContext): readonly Need[] {
  const { subnets } = context.look;
  const { networks } = context.desired;
  if (networks.length === 0 || subnets.state === 'absent') return [];
  if (subnets.state === 'unreadable') {
    return [
      need('unseen', { objects: networks.map(objectOf), message: `could not look which subnets this host uses (${subnets.detail})` }),
    ];
  }
  return networks.flatMap((network) => {
    // A network that runs keeps its bridge until it is started again.
    const own = [network.bridge, liveBridge(network.name, context)];
    const other = subnets.value.find(
      (used) => !own.includes(used.interface) && used.first <= network.subnet.last && used.last >= network.subnet.first,
    );
    if (other === undefined) return [];
    const message = `its subnet ${subnetText(network.subnet)} is in use by ${other.interface} (${subnetText(other)})`;
    return [
      need('missing', {
        objects: [objectOf(network)],
        message,
        fix: `Give it another address in the spec, or take ${other.interface} down`,
      }),
    ];
  });
}

/** A bridge that is there already is not libvirt's to make. */
export function bridgeRequirements(context: PlanContext): readonly Need[] {
  const { desired, networks, look } = context;
  const interfaces = look.subnets.state === 'ok' ? look.subnets.value.map((subnet) => subnet.interface) : [];
  return desired.networks.flatMap((network) => {
    const { bridge, name } = network;
    const live = networks.get(name);
    if (bridge === null || (live?.isActive === true && liveBridge(name, context) === bridge)) return [];
    const rival = context.world.networks.find((other) => other.name !== name && definedBridge(other) === bridge);
    const holder = rival === undefined ? null : `the network ${rival.name}`;
    const message = `the bridge ${bridge} is ${holder === null ? 'there already' : `that of ${holder}`}`;
    if (holder === null && !interfaces.includes(bridge)) return [];
    const rename = 'Give it another name in the spec (bridge: NAME)';
    // libvirtd that dies while it starts a network does not know the bridge any more, and cannot make it.
    const fix =
      holder === null && live !== undefined ? `${rename}; where libvirt left it behind when it died: ip link delete ${bridge}` : rename;
    return [need('missing', { objects: [objectOf(network)], message, fix })];
  });
}

/** libvirt runs it for each network that has an address. */
export function dnsmasqRequirement({ look, desired }: PlanContext): readonly Need[] {
  return thingNeed(look.dnsmasq, 'dnsmasq', {
    objects: desired.networks.filter(({ hasDhcp }) => hasDhcp).map(objectOf),
    message: 'dnsmasq is not installed, which gives VMs their addresses',
    fix: 'Install it: apt install dnsmasq-base, or dnf install dnsmasq, or pacman -S dnsmasq',
  });
}

function liveBridge(name: string, { networks }: PlanContext): string | null {
  const live = networks.get(name);
  return live === undefined ? null : bridgeOf(live);
}

function objectOf({ name }: DesiredNetwork): PlannedObject {
  return { kind: 'network', name };
}

/** `192.168.56.0/24`; `10.0.0.3-10.0.0.9` for what is no subnet. */
function subnetText({ first, last }: { readonly first: number; readonly last: number }): string {
  const size = last - first + 1;
  const bits = Math.log2(size);
  return Number.isInteger(bits) && first % size === 0 ? `${ipText(first)}/${32 - bits}` : `${ipText(first)}-${ipText(last)}`;
}

function ipText(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}
