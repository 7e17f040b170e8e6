import { all, attribute, DomainXmlError, first, parseXml, textAt } from '../domain/xml.ts';
import { ABSENT, ok, type Reading, unreadable } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { confText, parseLibvirtConf } from '../libvirt/conf.ts';
import { defineFact } from './fact.ts';
import { libvirtObjects, type NetworkText } from './libvirt-objects.ts';
import { platform } from './platform.ts';
import { findProgram } from './program-path.ts';
import { libvirtFolder } from './qemu-conf.ts';
import { readText } from './read.ts';

/** A virtual network of libvirt. */
export interface LibvirtNetwork {
  readonly name: string;
  /** `nat`, `route`, `open`, `bridge` …; null: isolated, or without any forwarding. */
  readonly forward: string | null;
  readonly bridge: string | null;
  /** libvirt gives it addresses, so it runs dnsmasq for it. */
  readonly hasAddresses: boolean;
  readonly isActive: boolean;
}

/** libvirt's networks and the programs that it needs for them. */
export interface Networks {
  /** Sorted by name. Absent: this libvirt has no network driver. */
  readonly networks: Reading<readonly LibvirtNetwork[]>;
  readonly dnsmasq: Reading<string>;
  readonly nft: Reading<string>;
  readonly iptables: Reading<string>;
  /** `firewall_backend` of network.conf (libvirt 10.4 and later); absent: libvirt takes what is there. */
  readonly firewallBackend: Reading<string>;
}

/** libvirt's networks, dnsmasq, and the firewall programs. */
export const networks = defineFact({
  id: 'networks',
  needs: { libvirtObjects },
  wants: { platform },
  collect(host, facts): Networks {
    const folder = libvirtFolder(facts.platform.ok ? facts.platform.value.distribution : null);
    const objects = facts.libvirtObjects;
    const texts = objects.state === 'read' ? objects.networks : fromFiles(host, `${folder}/qemu/networks`);
    const conf = readText(host, `${folder}/network.conf`);
    const backend = conf.state === 'ok' ? confText(parseLibvirtConf(conf.value), 'firewall_backend') : null;
    return {
      networks: texts.state === 'ok' ? parseAll(texts.value) : texts,
      dnsmasq: findProgram(host, ['dnsmasq']),
      nft: findProgram(host, ['nft']),
      iptables: findProgram(host, ['iptables']),
      firewallBackend: conf.state === 'ok' && backend === null ? ABSENT : whenOk(conf, backend ?? ''),
    };
  },
});

function whenOk<T>(reading: Reading<unknown>, value: T): Reading<T> {
  return reading.state === 'ok' ? ok(value) : reading;
}

/** libvirt's own files; `autostart` there is a folder. */
function fromFiles(host: HostSource, folder: string): Reading<readonly NetworkText[]> {
  const listed = host.list(folder);
  if (listed.state === 'unreadable') return listed;
  const texts: NetworkText[] = [];
  for (const name of listed.state === 'ok' ? listed.value.filter((file) => file.endsWith('.xml')) : []) {
    const text = readText(host, `${folder}/${name}`);
    if (text.state === 'unreadable') return text;
    if (text.state === 'ok') texts.push({ xml: text.value, isActive: host.stat(`/run/libvirt/network/${name}`).state === 'ok' });
  }
  return ok(texts);
}

function parseAll(texts: readonly NetworkText[]): Reading<readonly LibvirtNetwork[]> {
  try {
    return ok(texts.map(parseNetwork).toSorted((a, b) => (a.name < b.name ? -1 : 1)));
  } catch (error) {
    if (error instanceof DomainXmlError) return unreadable('failed', `a network's definition, line ${error.line}: ${error.message}`);
    throw error;
  }
}

/** https://libvirt.org/formatnetwork.html */
function parseNetwork({ xml, isActive }: NetworkText): LibvirtNetwork {
  const root = parseXml(xml);
  if (root.name !== 'network') throw new DomainXmlError('it is no <network>', { line: 1, column: 1 });
  const forward = first(root, 'forward');
  return {
    name: textAt(root, 'name') ?? '',
    forward: forward === undefined ? null : (attribute(forward, 'mode') ?? 'nat'),
    bridge: attribute(first(root, 'bridge'), 'name'),
    hasAddresses: all(root, 'ip').length > 0,
    isActive,
  };
}
