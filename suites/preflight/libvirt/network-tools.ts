import { defineCheck } from '../../../src/engine/check.ts';
import {
  couldNotCollect,
  couldNotLook,
  type Evidence,
  fail,
  notApplicable,
  type Outcome,
  passWith,
  type RemedyStep,
} from '../../../src/engine/outcome.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { JudgedDomains } from '../../../src/facts/judged-domains.ts';
import type { Libvirt, LibvirtMode } from '../../../src/facts/libvirt.ts';
import type { Networks } from '../../../src/facts/networks.ts';
import type { LibvirtNetwork } from '../../../src/libvirt/network.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import { installSteps, type Software } from '../../../src/remedy/packages.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';

export default defineCheck({
  id: 'preflight/libvirt/network-tools',
  title: 'The networks of the virtual machine are active, with the programs that they need',
  severity: 'major',
  needs: ['networks'],
  wants: ['judgedDomains', 'libvirt', 'platform'],
  why: 'Without dnsmasq and a firewall program a NAT network does not start, and a VM on it does not either.',
  sources: [
    'https://libvirt.org/formatnetwork.html',
    'https://libvirt.org/firewall.html',
    'https://libvirt.org/news.html#v10-4-0-2024-06-03',
  ],
  evaluate({ networks, judgedDomains, libvirt, platform }) {
    const list = networks.networks;
    const [missingBridge] = networks.missingBridges;
    if (missingBridge !== undefined) return noBridge(missingBridge);
    if (list.state === 'unreadable')
      return couldNotLook('virsh net-list --all', list.detail, 'see preflight/libvirt/daemon, or run passcheck as root');
    if (list.state === 'absent') return couldNotLook('virsh net-list --all', 'the network driver does not answer', 'start virtnetworkd');
    const unusable = judgeUse(list.value, judgedDomains);
    if (unusable !== null) return unusable;
    const used = list.value.filter((network) => needsPrograms(network) && isUsed(network, judgedDomains));
    if (used.length === 0) return nothingUsed(list.value, judgedDomains);
    const names = used.map(({ name }) => name).join(', ');
    if (platform.ok && platform.value.distribution === 'nixos') {
      return notApplicable(`NixOS gives libvirt its own dnsmasq and firewall program (used: ${names})`);
    }
    const firewall = judgeFirewall(networks, libvirt);
    if (networks.dnsmasq.state === 'unreadable') return couldNotLook('/usr/sbin/dnsmasq', networks.dnsmasq.detail, 'look by hand');
    if (firewall.state === 'unknown') return couldNotLook(firewall.source, firewall.reason, firewall.hint);
    const missing: Software[] = [
      ...(networks.dnsmasq.state === 'absent' ? (['dnsmasq'] as const) : []),
      ...(firewall.state === 'missing' ? (['firewall'] as const) : []),
    ];
    const mode = libvirt.ok ? (libvirt.value.mode ?? 'monolithic') : 'monolithic';
    if (missing.length > 0) return isMissing(names, missing, firewall.evidence, platform, mode);
    const dnsmasq = { source: networks.dnsmasq.state === 'ok' ? networks.dnsmasq.value : '', observed: 'there' };
    return passWith(`used: ${names}`, dnsmasq, firewall.evidence);
  },
});

function needsPrograms({ forward, hasAddresses }: LibvirtNetwork): boolean {
  return forward === 'nat' || (hasAddresses && (forward === null || forward === 'route'));
}

/** libvirt starts no network for a VM that wants it: the VM does not start. Null: all that judged domains use are active. */
function judgeUse(list: readonly LibvirtNetwork[], judged: Attempt<JudgedDomains>): Outcome | null {
  for (const { definition } of judged.ok ? judged.value.domains : []) {
    for (const { type, source } of definition.interfaces) {
      const network = list.find(({ name }) => name === source);
      if (type !== 'network' || source === null || network?.isActive === true) continue;
      const observed = network === undefined ? 'not defined' : 'not active';
      const start = [{ run: `virsh net-start ${shellWord(source)}` }, { run: `virsh net-autostart ${shellWord(source)}` }];
      return fail(`${definition.name} uses the network ${source}, which is ${observed}: the VM does not start`, {
        evidence: [{ source: 'virsh net-list --all', observed: `${source}: ${observed}`, expected: 'active' }],
        remedy:
          network === undefined
            ? { summary: `Define the network ${source}, or choose another with \`virsh edit ${definition.name}\`` }
            : { summary: `Start the network ${source}, now and at every boot`, steps: start },
      });
    }
  }
  return null;
}

function isUsed(network: LibvirtNetwork, judged: Attempt<JudgedDomains>): boolean {
  if (network.isActive) return true;
  const domains = judged.ok ? judged.value.domains : [];
  return domains.some(({ definition }) => definition.interfaces.some(({ type, source }) => type === 'network' && source === network.name));
}

function nothingUsed(list: readonly LibvirtNetwork[], judged: Attempt<JudgedDomains>): Outcome {
  if (list.some(needsPrograms) && !judged.ok) return couldNotCollect(judged.error, 'run passcheck as root');
  return notApplicable('no network that needs them is active or used by a judged domain');
}

type Firewall =
  | { readonly state: 'there' | 'missing'; readonly evidence: Evidence }
  | { readonly state: 'unknown'; readonly source: string; readonly reason: string; readonly hint: string };

/** libvirt takes nft or iptables since 10.4, iptables alone before; `firewall_backend` of network.conf chooses one. */
function judgeFirewall({ nft, iptables, firewallBackend }: Networks, libvirt: Attempt<Libvirt>): Firewall {
  const version = libvirt.ok ? libvirt.value.version : null;
  const chosen = firewallBackend.state === 'ok' ? firewallBackend.value : null;
  const isOld = version !== null && (version[0] < 10 || (version[0] === 10 && version[1] < 4));
  const takesNft = chosen === null ? !isOld : chosen === 'nftables';
  const takesIptables = chosen === null || chosen === 'iptables';
  if (takesIptables && iptables.state === 'ok') return { state: 'there', evidence: { source: iptables.value, observed: 'there' } };
  if (takesNft && nft.state === 'ok') {
    if (version === null && chosen === null) {
      const reason = 'nft is there and iptables is not, which libvirt before 10.4 needs';
      return { state: 'unknown', source: nft.value, reason, hint: 'look at `virsh --version`' };
    }
    return { state: 'there', evidence: { source: nft.value, observed: 'there' } };
  }
  const hidden = [takesNft ? nft : iptables, takesIptables ? iptables : nft].find(({ state }) => state === 'unreadable');
  if (hidden?.state === 'unreadable') return { state: 'unknown', source: '/usr/sbin', reason: hidden.detail, hint: 'look by hand' };
  const wanted = [...(takesNft ? ['nft'] : []), ...(takesIptables ? ['iptables'] : [])].join(' or ');
  return { state: 'missing', evidence: { source: '/usr/sbin', observed: `no ${wanted}`, expected: wanted } };
}

function noBridge({ domain, bridge }: Networks['missingBridges'][number]): Outcome {
  return fail(`${domain} names the bridge ${bridge}, which this host does not have: the VM does not start`, {
    evidence: [{ source: '/sys/class/net', observed: `no ${bridge}`, expected: bridge }],
    remedy: { summary: `Make the bridge ${bridge}, or choose another network with \`virsh edit ${domain}\`` },
  });
}

function restartNetworks(mode: LibvirtMode): RemedyStep {
  return { run: `systemctl restart ${mode === 'monolithic' ? 'libvirtd' : 'virtnetworkd'}` };
}

function isMissing(
  names: string,
  missing: readonly Software[],
  firewall: Evidence,
  platform: Attempt<Platform>,
  mode: LibvirtMode,
): Outcome {
  const dnsmasq: Evidence[] = missing.includes('dnsmasq') ? [{ source: '/usr/sbin/dnsmasq', observed: 'not there' }] : [];
  const needsIptables = missing.includes('firewall') && firewall.expected === 'iptables';
  const labels = missing.map((name) => (name === 'firewall' ? (firewall.expected ?? name) : name));
  const summary = `Install ${labels.join(' and ')}, and restart libvirt`;
  const install = needsIptables ? missing.filter((name) => name !== 'firewall') : missing;
  const steps = platform.ok && install.length > 0 ? installSteps(platform.value, install) : [];
  return fail(`${names}: ${labels.join(' and ')} missing`, {
    evidence: [firewall, ...dnsmasq],
    remedy: {
      summary,
      steps: [...steps, ...(needsIptables ? [{ text: 'install the package iptables' }] : []), restartNetworks(mode)],
    },
  });
}
