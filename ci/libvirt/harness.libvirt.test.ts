import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { writeIso } from './iso-file.ts';
import { demanded, type Libvirtd, missingTools, startLibvirtd } from './libvirtd.ts';

const obstacle = missingTools();
if (obstacle !== null) console.warn(`a real libvirtd skipped: ${obstacle}`);

const TINY = `<domain type='qemu'><name>tiny</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
  <os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type></os><features><acpi/></features>
  <devices><tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>
  <interface type='network'><source network='lab'/></interface></devices></domain>`;

const LAB = `<network><name>lab</name><forward mode='nat'/><bridge name='virbr56'/>
  <ip address='192.168.56.1' netmask='255.255.255.0'><dhcp><range start='192.168.56.100' end='192.168.56.200'/></dhcp></ip></network>`;

describe.skipIf(obstacle !== null)('a real libvirtd in namespaces of its own', () => {
  let host: Libvirtd;
  beforeAll(async () => {
    host = await startLibvirtd();
  });
  afterAll(() => host?.dispose());

  it('begins empty, and has its own interfaces, state and folders', async () => {
    expect(await host.virsh('list', '--all', '--name')).toBe('');
    expect(await host.virsh('net-list', '--all', '--name')).toBe('');
    expect(await host.virsh('pool-list', '--all', '--name')).toBe('');
    expect(demanded(await host.sh('ls /sys/class/net /var/lib/libvirt/images; cat /etc/machine-id | wc -c; pwd'))).toMatch(
      new RegExp(`^/sys/class/net:\nlo\n\n/var/lib/libvirt/images:\n33\n${host.folder}\n$`),
    );
    expect(demanded(await host.sh('echo mine > /var/lib/libvirt/images/mine; cat /var/lib/libvirt/images/mine'))).toBe('mine\n');
    expect(existsSync('/var/lib/libvirt/images/mine')).toBe(false);
  });

  it('runs networks with DHCP and emulated VMs with UEFI and a TPM, which outlive libvirtd', async () => {
    for (const command of [
      `net-define ${host.write('lab.xml', LAB)}`,
      'net-start lab',
      `define ${host.write('tiny.xml', TINY)}`,
      'start tiny',
    ]) {
      await host.virsh(...command.split(' '));
    }
    expect(
      demanded(await host.sh('ip -o addr show virbr56; ls /sys/class/net; ls /var/lib/libvirt/qemu/nvram /var/lib/libvirt/swtpm/*')),
    ).toMatch(/192\.168\.56\.1\/24[^]*virbr56[^]*tiny_VARS\.fd[^]*tpm2/);
    await host.restart(async () => {
      expect((await host.sh('virsh -c qemu:///system list')).exitCode).toBe(1);
    });
    expect(await host.virsh('domstate', 'tiny')).toBe('running\n');
    await host.virsh('destroy', 'tiny');
  });

  it('says how a line ended, what it printed and which calls of virsh and qemu-img changed something', async () => {
    const lines = [
      'virsh -q -c qemu:///system "list --all; net-list; pool-refresh nothing" 2> /dev/null',
      'virsh -c qemu:///system net-autostart lab',
      'qemu-img create -q -f qcow2 a.qcow2 1G && qemu-img snapshot -l a.qcow2 && qemu-img snapshot -c s a.qcow2',
      'echo out; echo err >&2; exit 7',
    ];
    const result = await host.sh(lines.join('\n'));
    expect(result).toMatchObject({ exitCode: 7, stderr: 'err\n' });
    expect(result.stdout).toMatch(/marked as autostarted[^]*out\n$/);
    expect(result.reads).toEqual(['virsh list --all; net-list; pool-refresh nothing', 'qemu-img snapshot -l a.qcow2']);
    expect(result.writes).toEqual(['virsh net-autostart lab', 'qemu-img create -q -f qcow2 a.qcow2 1G', 'qemu-img snapshot -c s a.qcow2']);
  });

  it('kills the caller before or after a mutating call', async () => {
    const line = 'virsh -q -c qemu:///system uri; virsh -q -c qemu:///system net-autostart --disable lab; echo went on';
    expect(await host.sh(line, { kill: { when: 'before', call: 1 } })).toMatchObject({ exitCode: 137, stdout: 'qemu:///system\n' });
    expect(await host.virsh('net-info', 'lab')).toMatch(/Autostart: +yes/);
    const after = await host.sh(line, { kill: { when: 'after', call: 1 } });
    expect(after.exitCode).toBe(137);
    expect(after.stdout).not.toContain('went on');
    expect(await host.virsh('net-info', 'lab')).toMatch(/Autostart: +no/);
  });

  it('stops a line that takes too long, and runs lines beside each other', async () => {
    const slow = host.sh('sleep 30', { timeoutMs: 300 });
    expect(demanded(await host.sh('echo meanwhile'))).toBe('meanwhile\n');
    expect((await slow).exitCode).toBe(137);
  });

  it('has the command line as it is now, and images to put into drives', async () => {
    expect(demanded(await host.passcheck(['--version']))).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(demanded(await host.passcheck(['preflight', '--help', "it's"]))).toContain('preflight');
    writeIso(join(host.folder, 'a.iso'), 'LABEL');
    expect(demanded(await host.sh('stat -c %s a.iso; tail -c +32770 a.iso | head -c 5'))).toBe('1048576\nCD001');
  });
});

describe.skipIf(obstacle !== null)('the end of a libvirtd', () => {
  it('takes its VMs and its folder with it, and others do not notice', async () => {
    const [one, other] = await Promise.all([startLibvirtd(), startLibvirtd()]);
    onTestFinished(() => Promise.all([one.dispose(), other.dispose()]).then(() => undefined));
    const domain = TINY.replace(/<interface[^]*?<\/interface>/, '').replace('tiny', 'lonely-vm');
    await one.virsh('define', one.write('lonely.xml', domain));
    await one.virsh('start', 'lonely-vm');
    expect(readFileSync(join(one.folder, 'lonely.xml'), 'utf8')).toBe(domain);
    expect(await other.virsh('list', '--all', '--name')).toBe('');
    expect(hasProcess('guest=lonely-vm')).toBe(true);
    await one.dispose();
    expect(hasProcess('guest=lonely-vm')).toBe(false);
    expect(existsSync(one.folder)).toBe(false);
    expect(await other.virsh('uri')).toBe('qemu:///system\n');
  });
});

/** Is there a process on this machine with that word in its command line? */
function hasProcess(word: string): boolean {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.some((id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(word);
    } catch {
      return false;
    }
  });
}
