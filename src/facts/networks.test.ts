import { describe, expect, it } from 'vitest';

import { aConfig } from '../../test/facts.ts';
import { collect, valueOf } from '../../test/judge.ts';
import { listArgv, networksArgv } from '../libvirt/virsh.ts';
import { networks } from './networks.ts';

const A = '668bc66a-4cf7-4dac-bc6b-6efefd09e84f';
const B = 'ec576e85-fa76-44b3-9f37-8def2a6f9c95';
const LIST = listArgv('qemu:///system', false).join(' ');
const DUMP = networksArgv('qemu:///system', false, [A, B]).join(' ');
// As virsh 9.0.0 prints it.
const NAT = `<network>
  <name>lab net</name>
  <uuid>${A}</uuid>
  <forward mode='nat'/>
  <bridge name='virbr56' stp='on' delay='0'/>
  <ip address='192.168.56.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.56.100' end='192.168.56.200'/>
    </dhcp>
  </ip>
</network>

`;
const BRIDGE = `<network>\n  <name>br</name>\n  <forward mode='bridge'/>\n  <bridge name='br0'/>\n</network>\n\n`;

describe('networks', () => {
  it('are those of virsh, active or not', async () => {
    const commands = { [LIST]: `${A}\n${B}\n\n=${A}\n\n=`, [DUMP]: `=${A}=${NAT}=${B}=${BRIDGE}` };
    expect((await valueOf(networks, { commands })).networks).toEqual({
      state: 'ok',
      value: [
        { name: 'br', forward: 'bridge', bridge: 'br0', hasAddresses: false, isActive: false },
        { name: 'lab net', forward: 'nat', bridge: 'virbr56', hasAddresses: true, isActive: true },
      ],
    });
  });

  it('come from the files where libvirt does not answer', async () => {
    const files = {
      '/etc/libvirt/qemu/networks/lab net.xml': NAT,
      '/run/libvirt/network/lab net.xml': '',
      '/etc/libvirt/qemu/networks/autostart/x': '',
    };
    expect((await valueOf(networks, { files })).networks).toMatchObject({ value: [{ name: 'lab net', isActive: true }] });
  });

  it('are as good as active when they start with libvirt, and not known when that is hidden', async () => {
    const file = '/etc/libvirt/qemu/networks/default.xml';
    const autostart = '/etc/libvirt/qemu/networks/autostart/default.xml';
    expect((await valueOf(networks, { files: { [file]: NAT } })).networks).toMatchObject({ value: [{ isActive: false }] });
    expect((await valueOf(networks, { files: { [file]: NAT, [autostart]: '' } })).networks).toMatchObject({ value: [{ isActive: true }] });
    const unreadable = { [autostart]: 'not-recorded' } as const;
    expect((await valueOf(networks, { files: { [file]: NAT }, unreadable })).networks.state).toBe('unreadable');
  });

  it('know the bridges that a judged VM names and the host lacks', async () => {
    const xml = `<domain type='kvm'><name>win11</name><memory unit='GiB'>8</memory><os><type machine='q35'>hvm</type></os><devices><interface type='bridge'><source bridge='br0'/></interface><interface type='bridge'><source bridge='br1'/></interface></devices></domain>`;
    const files = { '/etc/libvirt/qemu/win11.xml': xml, '/sys/class/net/br1/address': '' };
    const config = aConfig({ vms: ['win11'] });
    expect((await valueOf(networks, { files }, config)).missingBridges).toEqual([{ domain: 'win11', bridge: 'br0' }]);
    const unreadable = { '/sys/class/net': 'not-recorded' } as const;
    expect((await valueOf(networks, { files, unreadable }, config)).missingBridges).toEqual([]);
  });

  it('forward without a mode is NAT, no forward is isolated', async () => {
    const file = '/etc/libvirt/qemu/networks/n.xml';
    const forwardOf = async (inner: string) =>
      (await valueOf(networks, { files: { [file]: `<network><name>n</name>${inner}</network>` } })).networks;
    expect(await forwardOf('<forward/>')).toMatchObject({ value: [{ forward: 'nat' }] });
    expect(await forwardOf('')).toMatchObject({ value: [{ forward: null }] });
  });

  it('are absent where the network driver does not answer, never "none"', async () => {
    const stderr =
      "error: Failed to list networks\nerror: Failed to connect socket to '/run/libvirt/virtnetworkd-sock-ro': No such file or directory\n";
    const commands = { [LIST]: { exitCode: 0, stdout: '==', stderr } };
    expect((await valueOf(networks, { commands })).networks.state).toBe('absent');
  });

  it.each([
    ['the folder is hidden', { unreadable: { '/etc/libvirt/qemu/networks': 'denied' } }],
    ['a definition is no XML', { files: { '/etc/libvirt/qemu/networks/x.xml': '<network>' } }],
    ['a definition is something else', { files: { '/etc/libvirt/qemu/networks/x.xml': '<domain/>' } }],
    ['virsh hangs at the second question', { commands: { [LIST]: `${A}\n${B}\n==` }, unreadable: { [DUMP]: 'timed-out' } }],
    ['virsh answers something else', { commands: { [LIST]: `${A}\n${B}\n==`, [DUMP]: 'hello' } }],
  ] as const)('are unreadable when %s', async (_when, host) => {
    const attempt = await collect(networks, host);
    expect(attempt).toMatchObject({ ok: true, value: { networks: { state: 'unreadable' } } });
  });

  it('knows the programs and the chosen firewall', async () => {
    const files = {
      '/usr/sbin/dnsmasq': '',
      '/usr/sbin/nft': '',
      '/etc/libvirt/network.conf': '#firewall_backend = "iptables"\nfirewall_backend = "nftables"\n',
    };
    expect(await valueOf(networks, { files })).toMatchObject({
      dnsmasq: { value: '/usr/sbin/dnsmasq' },
      nft: { value: '/usr/sbin/nft' },
      iptables: { state: 'absent' },
      firewallBackend: { value: 'nftables' },
    });
  });
});
