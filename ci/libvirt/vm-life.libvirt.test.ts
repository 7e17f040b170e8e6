import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Libvirtd, missingTools, startLibvirtd } from './libvirtd.ts';
import { defineTiny } from './tiny-vm.ts';

const obstacle = missingTools();
if (obstacle !== null) console.warn(`passcheck vm on a real libvirtd skipped: ${obstacle}`);

describe.skipIf(obstacle !== null)('passcheck vm list, start and stop', () => {
  let host: Libvirtd;
  beforeAll(async () => {
    host = await startLibvirtd();
    await defineTiny(host, { name: 'deaf' });
  });
  afterAll(() => host?.dispose());

  const vm = (...argv: readonly string[]): ReturnType<Libvirtd['passcheck']> => host.passcheck(['vm', ...argv]);
  const state = async (): Promise<string> => (await host.virsh('domstate', 'deaf')).trim();

  it('starts a VM with one call, and does nothing when it runs', async () => {
    const started = await vm('start', 'deaf');
    expect(started).toMatchObject({ exitCode: 0, stdout: '', stderr: 'deaf: started\n' });
    expect(started.writes).toHaveLength(1);
    expect(await state()).toBe('running');
    expect(await vm('start', 'deaf')).toMatchObject({ exitCode: 0, stderr: 'deaf: runs already\n', writes: [] });
  });

  it('tries the agent, then ACPI, and leaves the VM on when the guest does not go', async () => {
    const stopped = await vm('stop', 'deaf', '--timeout', '2');
    expect(stopped.exitCode).toBe(1);
    expect(stopped.stderr).toMatch(
      /agent was not asked: QEMU guest agent is not connected\n[^]*power button[^]*still runs after \d+ s[^]*--force/,
    );
    expect(stopped.writes.map((call) => call.replace(/ [0-9a-f-]{36} /, ' '))).toEqual([
      'virsh shutdown --mode agent',
      'virsh shutdown --mode acpi',
    ]);
    expect(await state()).toBe('running');
  });

  it('switches the power off with --force, and is content with a VM that is off', async () => {
    const stopped = await vm('stop', 'deaf', '--timeout', '1', '--force');
    expect(stopped).toMatchObject({ exitCode: 0, stdout: '' });
    expect(stopped.stderr).toMatch(/its power was switched off\n$/);
    expect(await state()).toBe('shut off');
    expect(await vm('stop', 'deaf', '--force')).toMatchObject({ exitCode: 0, stderr: 'deaf: is off already\n', writes: [] });
  });

  it('does not wait for a paused guest, nor start it', async () => {
    await host.virsh('start', 'deaf');
    await host.virsh('suspend', 'deaf');
    expect(await vm('start', 'deaf')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('virsh resume') });
    expect(await vm('stop', 'deaf')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('paused'), writes: [] });
    expect((await vm('stop', 'deaf', '--force')).exitCode).toBe(0);
  });

  it.each([
    [
      'an image that is not there',
      `<disk type='file' device='cdrom'><source file='/nowhere/win.iso'/><target dev='sda' bus='sata'/></disk>`,
      /Cannot access storage file[^]*→ Put the image there, or take it out of the VM: \/nowhere\/win\.iso/,
    ],
    [
      'a network that is not there',
      `<interface type='network'><source network='lab'/></interface>`,
      /Network not found[^]*→ Make the network lab/,
    ],
    [
      'a device that is not there',
      `<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0' bus='0xfe' slot='0x1f' function='0'/></source></hostdev>`,
      /→ See whether the device is there and free for a VM:\n? +passcheck preflight/,
    ],
  ])('says what helps against %s', async (what, devices, words) => {
    const name = what.replaceAll(' ', '-');
    await defineTiny(host, { name, devices });
    const started = await vm('start', name);
    expect(started.exitCode).toBe(1);
    expect(started.stderr).toMatch(words);
    await host.virsh('undefine', name);
  });

  it('says what helps where there are no hugepages, and where a running VM has the disk', async () => {
    await defineTiny(host, { name: 'huge' });
    await host.sh(`virsh -c qemu:///system dumpxml huge | sed "s,<vcpu,<memoryBacking><hugepages/></memoryBacking><vcpu," > huge.xml`);
    await host.virsh('define', `${host.folder}/huge.xml`);
    expect(await vm('start', 'huge')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/Reserve the hugepages[^]*passcheck preflight/),
    });
    await host.sh('qemu-img create -q -f qcow2 /var/lib/libvirt/images/a.qcow2 8M');
    for (const name of ['one', 'two']) await defineTiny(host, { name, disks: ['/var/lib/libvirt/images/a.qcow2'] });
    expect((await vm('start', 'one')).exitCode).toBe(0);
    expect(await vm('start', 'two')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Stop what has the image open') });
    for (const name of ['one', 'two', 'huge']) {
      expect((await vm('stop', name, '--timeout', '1', '--force')).exitCode).toBe(0);
      await host.virsh('undefine', name);
    }
  });

  it('lists VMs for people and for programs, with what a network knows of their addresses', async () => {
    await host.sh(`virsh -c qemu:///system net-define <(echo "<network><name>n</name><bridge name='virbr7'/><ip address='192.168.77.1' prefix='24'>
      <dhcp><range start='192.168.77.10' end='192.168.77.20'/></dhcp></ip></network>") && virsh -c qemu:///system net-start n`);
    const nic = `<interface type='network'><mac address='52:54:00:12:34:56'/><source network='n'/></interface>`;
    await defineTiny(host, { name: 'netted', devices: nic });
    expect((await vm('start', 'netted')).exitCode).toBe(0);
    const lease = { 'ip-address': '192.168.77.15', 'mac-address': '52:54:00:12:34:56', 'expiry-time': 4_000_000_000 };
    await host.sh(`cat > /var/lib/libvirt/dnsmasq/virbr7.status <<< '[${JSON.stringify(lease)}]'`);
    const listed = await vm('list');
    expect(listed).toMatchObject({ exitCode: 0, writes: [], stderr: '' });
    expect(listed.stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['NAME', 'STATE', 'SPEC', 'MEMORY', 'VCPUS', 'SNAPSHOTS', 'ADDRESS'],
      ['deaf', 'shut off', '-', '64 MiB', '1', '0', '-'],
      ['netted', 'running', '-', '64 MiB', '1', '0', '192.168.77.15'],
      [''],
    ]);
    const json: unknown = JSON.parse((await vm('list', '--format', 'json')).stdout);
    expect(json).toMatchObject({ schema: 1, connection: 'qemu:///system', vms: [{ name: 'deaf' }, { name: 'netted', state: 'running' }] });
    await vm('stop', 'netted', '--timeout', '1', '--force');
  });

  it('names the nearest VM for one that is not there, and says when libvirt is silent', async () => {
    expect(await vm('start', 'daef')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('the nearest is deaf') });
    await host.restart(async () => {
      expect(await vm('list')).toMatchObject({ exitCode: 3, stdout: '', stderr: expect.stringContaining('does not answer') });
      expect(await vm('stop', 'deaf')).toMatchObject({ exitCode: 3 });
    });
  });
});
