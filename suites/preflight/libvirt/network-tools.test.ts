import { describe, expect, it } from 'vitest';

import { aDomain, DEBIAN } from '../../../test/facts.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import type { JudgedDomains } from '../../../src/facts/judged-domains.ts';
import type { Libvirt } from '../../../src/facts/libvirt.ts';
import type { Networks } from '../../../src/facts/networks.ts';
import type { LibvirtNetwork } from '../../../src/libvirt/network.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import check from './network-tools.ts';

const NAT: LibvirtNetwork = { name: 'default', forward: 'nat', bridge: 'virbr0', hasAddresses: true, isActive: true };
const ALL: Networks = {
  networks: ok([NAT]),
  missingBridges: [],
  dnsmasq: ok('/usr/sbin/dnsmasq'),
  nft: ok('/usr/sbin/nft'),
  iptables: ok('/usr/sbin/iptables'),
  firewallBackend: ABSENT,
};
const NONE: JudgedDomains = { domains: [], missing: [], others: [] };
const hidden = { ok: false, error: new FactError({ source: 'virsh', reason: 'refused' }) } as const;
const libvirt = (version: Libvirt['version']): Libvirt => ({
  uri: 'qemu:///system',
  mode: 'monolithic',
  daemon: ok('/usr/sbin/libvirtd'),
  socket: ABSENT,
  isListening: ok(true),
  answer: { source: 'virsh', state: 'read' },
  version,
});

function judge(networks: Partial<Networks>, given: Partial<Parameters<typeof check.evaluate>[0]> = {}) {
  return check.evaluate({
    networks: { ...ALL, ...networks },
    judgedDomains: { ok: true, value: NONE },
    libvirt: { ok: true, value: libvirt([11, 0]) },
    platform: { ok: true, value: DEBIAN },
    ...given,
  });
}
const version = (text: Libvirt['version']) => ({ libvirt: { ok: true, value: libvirt(text) } }) as const;
const without = (list: Reading<readonly LibvirtNetwork[]>): Partial<Networks> => ({ networks: list, dnsmasq: ABSENT });

describe(check.id, () => {
  it('passes with dnsmasq and a firewall program', () => {
    expect(judge({})).toMatchObject({ status: 'pass', message: 'used: default', evidence: [{ source: '/usr/sbin/dnsmasq' }, {}] });
  });

  it('fails without dnsmasq when a NAT network is active', () => {
    expect(judge({ dnsmasq: ABSENT })).toMatchObject({
      status: 'fail',
      message: 'default: dnsmasq missing',
      evidence: [{}, { source: '/usr/sbin/dnsmasq', observed: 'not there' }],
      remedy: { steps: [{ run: expect.stringContaining('dnsmasq') }, { run: 'systemctl restart libvirtd' }] },
    });
  });

  it('fails without a firewall program', () => {
    expect(judge({ nft: ABSENT, iptables: ABSENT })).toMatchObject({ status: 'fail', message: 'default: nft or iptables missing' });
  });

  it('knows that libvirt before 10.4 cannot use nft', () => {
    expect(judge({ iptables: ABSENT })).toMatchObject({ status: 'pass' });
    expect(judge({ iptables: ABSENT }, version([10, 4]))).toMatchObject({ status: 'pass' });
    expect(judge({ iptables: ABSENT }, version([10, 3]))).toMatchObject({ status: 'fail', message: 'default: iptables missing' });
    expect(judge({ iptables: ABSENT }, version(null))).toMatchObject({ status: 'unknown' });
  });

  it('asks for the firewall that network.conf chooses', () => {
    expect(judge({ iptables: ABSENT, firewallBackend: ok('iptables') })).toMatchObject({
      status: 'fail',
      message: 'default: iptables missing',
    });
    expect(judge({ nft: ABSENT, firewallBackend: ok('nftables') })).toMatchObject({ status: 'fail', message: 'default: nft missing' });
    expect(judge({ iptables: ABSENT, firewallBackend: ok('nftables') })).toMatchObject({ status: 'pass' });
  });

  it('judges a network that is not active when a judged domain uses it', () => {
    const definition = aDomain({ interfaces: [{ type: 'network', source: 'default' }] });
    const judgedDomains = { ok: true, value: { ...NONE, domains: [{ definition, state: 'shut off' }] } } as const;
    const inactive = without(ok([{ ...NAT, isActive: false }]));
    expect(judge(inactive, { judgedDomains })).toMatchObject({ status: 'fail' });
    expect(judge({ networks: ok([{ ...NAT, isActive: false }]) }, { judgedDomains })).toMatchObject({
      status: 'fail',
      message: 'win11 uses the network default, which is not active: the VM does not start',
      evidence: [{ source: 'virsh net-list --all', observed: 'default: not active' }],
      remedy: { steps: [{ run: 'virsh net-start default' }, { run: 'virsh net-autostart default' }] },
    });
    expect(judge({ networks: ok([]) }, { judgedDomains })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('not defined'),
    });
    expect(judge(inactive)).toMatchObject({ status: 'not-applicable' });
    expect(judge(inactive, { judgedDomains: hidden })).toMatchObject({ status: 'unknown' });
  });

  it('has nothing to say of a bridge of the host, or without networks', () => {
    expect(judge(without(ok([{ ...NAT, forward: 'bridge', hasAddresses: false }])))).toMatchObject({ status: 'not-applicable' });
    expect(judge(without(ok([])), { judgedDomains: hidden })).toMatchObject({ status: 'not-applicable' });
  });

  it('fails when the VM names a bridge that the host does not have', () => {
    expect(judge({ missingBridges: [{ domain: 'win11', bridge: 'br0' }] })).toMatchObject({
      status: 'fail',
      message: 'win11 names the bridge br0, which this host does not have: the VM does not start',
      evidence: [{ source: '/sys/class/net', observed: 'no br0' }],
    });
  });

  it('leaves NixOS alone, which gives libvirt its own programs', () => {
    const platform = { ok: true, value: { ...DEBIAN, distribution: 'nixos' } } as const;
    expect(judge({ dnsmasq: ABSENT }, { platform })).toMatchObject({ status: 'not-applicable' });
  });

  it.each([
    ['the networks are hidden', { networks: unreadable('denied', 'permission denied') }],
    ['the network driver does not answer', { networks: ABSENT }],
    ['dnsmasq was not recorded', { dnsmasq: unreadable('not-recorded', 'not recorded') }],
    ['the firewall programs were not recorded', { nft: unreadable('not-recorded', 'x'), iptables: unreadable('not-recorded', 'x') }],
  ] satisfies [string, Partial<Networks>][])('does not pass when %s', (_when, networks) => {
    expect(judge(networks)).toMatchObject({ status: 'unknown' });
  });
});
