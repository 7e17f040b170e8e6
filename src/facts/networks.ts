import { DomainXmlError } from '../domain/xml-error.ts';
import { ABSENT, ok, type Reading, unreadable } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { confText, parseLibvirtConf } from '../libvirt/conf.ts';
import type { LibvirtNetwork } from '../libvirt/network.ts';
import { type Attempt, defineFact } from './fact.ts';
import { firstAnswer } from './first-answer.ts';
import { judgedDomains, type JudgedDomains } from './judged-domains.ts';
import { libvirtObjects, type NetworkText } from './libvirt-objects.ts';
import { platform } from './platform.ts';
import { findProgram } from './program-path.ts';
import { libvirtFolder } from './qemu-conf.ts';
import { readText } from './read.ts';

/** libvirt's networks and the programs that it needs for them. */
export interface Networks {
  /** Sorted by name. Absent: this libvirt has no network driver. */
  readonly networks: Reading<readonly LibvirtNetwork[]>;
  /** Bridges that judged domains name and the host does not have. */
  readonly missingBridges: readonly { readonly domain: string; readonly bridge: string }[];
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
  wants: { judgedDomains, platform },
  async collect(host, facts): Promise<Networks> {
    const folder = libvirtFolder(facts.platform.ok ? facts.platform.value.distribution : null);
    const objects = facts.libvirtObjects;
    const texts = objects.state === 'read' ? objects.networks : orNotShown(fromFiles(host, `${folder}/qemu/networks`));
    const conf = readText(host, `${folder}/network.conf`);
    const backend = conf.state === 'ok' ? confText(parseLibvirtConf(conf.value), 'firewall_backend') : null;
    return {
      networks: texts.state === 'ok' ? await parseAll(texts.value) : texts,
      missingBridges: missingBridges(host, facts.judgedDomains),
      dnsmasq: findProgram(host, ['dnsmasq']),
      nft: findProgram(host, ['nft']),
      iptables: findProgram(host, ['iptables']),
      firewallBackend: conf.state === 'ok' && backend === null ? ABSENT : whenOk(conf, backend ?? ''),
    };
  },
});

const INTERFACES = '/sys/class/net';

/** None where the interfaces of the host cannot be seen. */
function missingBridges(host: HostSource, judged: Attempt<JudgedDomains>): Networks['missingBridges'] {
  const wanted = (judged.ok ? judged.value.domains : []).flatMap(({ definition: { name, interfaces } }) =>
    interfaces.flatMap(({ type, source }) => (type === 'bridge' && source !== null ? [{ domain: name, bridge: source }] : [])),
  );
  const present = wanted.length === 0 ? ABSENT : host.list(INTERFACES);
  return present.state === 'ok' && present.value.length > 0 ? wanted.filter(({ bridge }) => !present.value.includes(bridge)) : [];
}

function whenOk<T>(reading: Reading<unknown>, value: T): Reading<T> {
  return reading.state === 'ok' ? ok(value) : reading;
}

/** That libvirt does not answer is said by preflight/libvirt/daemon; that its files are hidden from users, too, is no news. */
function orNotShown<T>(reading: Reading<T>): Reading<T> {
  const isHidden = reading.state === 'unreadable' && reading.reason === 'denied';
  return isHidden ? unreadable('denied', 'libvirt does not show its networks') : reading;
}

/** libvirt's own files; `autostart` there is a folder. */
function fromFiles(host: HostSource, folder: string): Reading<readonly NetworkText[]> {
  const listed = host.list(folder);
  if (listed.state === 'unreadable') return listed;
  const texts: NetworkText[] = [];
  for (const name of listed.state === 'ok' ? listed.value.filter((file) => file.endsWith('.xml')) : []) {
    const text = readText(host, `${folder}/${name}`);
    if (text.state === 'unreadable') return text;
    // One that is not up comes up with libvirt when it is marked for that.
    const running = `/run/libvirt/network/${name}`;
    const up = firstAnswer([running, `${folder}/autostart/${name}`], (path) => host.stat(path));
    if (up.state === 'unreadable') return up;
    const isYetToStart = up.state === 'ok' && host.stat(running).state !== 'ok';
    if (text.state === 'ok') texts.push({ xml: text.value, isActive: up.state === 'ok', ...(isYetToStart ? { isYetToStart } : {}) });
  }
  return ok(texts);
}

/** The XML parser is loaded only where there is XML: most of the time that preflight takes is loading code. */
async function parseAll(texts: readonly NetworkText[]): Promise<Reading<readonly LibvirtNetwork[]>> {
  if (texts.length === 0) return ok([]);
  const { readNetwork } = await import('../libvirt/network.ts');
  try {
    return ok(texts.map(({ xml, ...state }) => ({ ...readNetwork(xml), ...state })).toSorted((a, b) => (a.name < b.name ? -1 : 1)));
  } catch (error) {
    if (error instanceof DomainXmlError) return unreadable('failed', `a network's definition, line ${error.line}: ${error.message}`);
    throw error;
  }
}
