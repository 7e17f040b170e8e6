import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import type { Networks } from '../../../src/facts/networks.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import type { LibvirtNetwork } from '../../../src/libvirt/network.ts';
import rule from './source-exists.ts';

const card = (type: string, source: string): string => `<interface type='${type}'><source ${source}/></interface>`;
const DEFAULT: LibvirtNetwork = { name: 'default', forward: 'nat', bridge: 'virbr0', hasAddresses: true, isActive: true };
const some = (networks: Networks['networks']): Networks => ({
  networks,
  missingBridges: [],
  dnsmasq: ABSENT,
  nft: ABSENT,
  iptables: ABSENT,
  firewallBackend: ABSENT,
});
const on = (networks: Reading<readonly LibvirtNetwork[]> = ok([DEFAULT])) => ({
  networkInterfaces: ['br0', 'eno1', 'lo'],
  networks: { ok: true as const, value: some(networks) },
});

describe(rule.id, () => {
  it.each([card('network', "network='default'"), card('bridge', "bridge='br0'"), card('direct', "dev='eno1' mode='bridge'")])(
    'passes %s',
    (devices) => {
      expect(judgeOneDomain(rule, { devices }, on())).toMatchObject({ status: 'pass' });
    },
  );

  it.each([
    [card('network', "network='lab'"), 'libvirt has no network lab'],
    [card('bridge', "bridge='br9'"), 'this host has no bridge br9'],
    [card('direct', "dev='eth0'"), 'this host has no network card eth0'],
  ])('is a blocker with %s', (devices, message) => {
    const outcome = judgeOneDomain(rule, { devices }, on());
    expect(outcome).toMatchObject({ status: 'fail', message, evidence: [{ source: 'win11.xml:9' }, {}] });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('is major when the network only has to be started', () => {
    expect(
      judgeOneDomain(rule, { devices: card('network', "network='default'") }, on(ok([{ ...DEFAULT, isActive: false }]))),
    ).toMatchObject({
      status: 'fail',
      severity: 'major',
      remedy: { steps: [{ run: 'virsh net-start default' }, {}] },
    });
  });

  it('could not look where libvirt does not show its networks', () => {
    const devices = card('network', "network='default'");
    expect(judgeOneDomain(rule, { devices }, on(unreadable('denied', 'no')))).toMatchObject({ status: 'unknown' });
    expect(judgeOneDomain(rule, { devices }, on(ABSENT))).toMatchObject({ status: 'unknown' });
    expect(judgeOneDomain(rule, { devices }, { ...on(), networks: NO_HOST_FACT })).toMatchObject({ status: 'unknown' });
  });

  it('says nothing of cards that name nothing of the host', () => {
    expect(judgeOneDomain(rule, { devices: "<interface type='user'/><interface type='bridge'/>" }, on())).toMatchObject({
      status: 'not-applicable',
    });
  });
});
