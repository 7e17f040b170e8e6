import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { noRealAgent } from '../../test/real-agent.ts';
import { noRealSshd } from '../../test/real-sshd.ts';
import { makeGuest } from '../virtual-host/guest.ts';
import { missingTools as missingForKernel, prepareKernel } from '../virtual-host/kernel.ts';
import { type Libvirtd, missingTools, startLibvirtd } from './libvirtd.ts';
import { defineTiny } from './tiny-vm.ts';

const obstacle = missingTools() ?? missingForKernel() ?? noRealAgent ?? noRealSshd;
if (obstacle !== null) console.warn(`passcheck vm exec, run-script, copy, ip and wait on a real libvirtd skipped: ${obstacle}`);

const NETWORK = `<network><name>lab-net</name><forward mode='nat'/><bridge name='virbr56'/>
  <ip address='192.168.56.1' prefix='24'><dhcp><range start='192.168.56.100' end='192.168.56.200'/></dhcp></ip></network>`;

/** Debian's kernel and this machine's own userland, emulated. */
function domain(folder: string): string {
  return `<domain type='qemu'><name>lab1</name><memory unit='MiB'>384</memory><vcpu>1</vcpu>
    <os><type arch='x86_64' machine='q35'>hvm</type><kernel>${folder}/guest/vmlinuz</kernel><initrd>${folder}/guest/guest.gz</initrd>
      <cmdline>console=ttyS0 quiet no_timer_check</cmdline></os>
    <features><acpi/><apic/></features><cpu mode='maximum'/>
    <devices><serial type='file'><source path='${folder}/console'/></serial>
      <interface type='network'><source network='lab-net'/><model type='virtio'/><rom enabled='no'/></interface>
      <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
      <filesystem type='mount' accessmode='passthrough'><source dir='/'/><target dir='host'/><readonly/></filesystem>
      <memballoon model='none'/></devices></domain>`;
}

describe.skipIf(obstacle !== null)('a guest on a real libvirtd', () => {
  let host: Libvirtd;
  const vm = (...argv: readonly string[]): ReturnType<Libvirtd['passcheck']> => host.passcheck(['vm', ...argv]);

  beforeAll(async () => {
    host = await startLibvirtd();
    await defineTiny(host, { name: 'deaf' });
    makeGuest(prepareKernel(), join(host.folder, 'guest'));
    await host.virsh('net-define', host.write('network.xml', NETWORK));
    await host.virsh('net-start', 'lab-net');
    await host.virsh('define', host.write('lab1.xml', domain(host.folder)));
    await host.virsh('start', 'lab1');
    await host.virsh('start', 'deaf');
  });
  afterAll(() => host?.dispose());

  it('that has no system does not answer, and has no address', async () => {
    expect(await vm('exec', 'deaf', '--', 'true')).toMatchObject({
      exitCode: 255,
      stderr: expect.stringMatching(/no guest agent runs in deaf; libvirt knows no address of deaf/),
    });
    expect(await vm('wait', 'deaf', '--timeout', '1')).toMatchObject({ exitCode: 1 });
    expect(await vm('ip', 'deaf')).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('no address is known yet') });
    // It takes a processor.
    await host.virsh('destroy', 'deaf');
  });

  it('is waited for while it boots', async () => {
    const { exitCode, stderr } = await vm('wait', 'lab1', '--timeout', '110');
    expect(stderr).toMatch(/lab1 answers \(guest agent\)/);
    expect(exitCode).toBe(0);
  });

  it('tells its address, and libvirt has leased the same', async () => {
    const { addresses } = JSON.parse((await vm('ip', 'lab1', '--format', 'json')).stdout);
    const found: readonly { readonly source: string; readonly address: string; readonly mac: string }[] = addresses;
    const leased = found.find(({ source }) => source === 'lease');
    expect(leased?.address).toMatch(/^192\.168\.56\.1\d\d$/);
    expect(found).toContainEqual(expect.objectContaining({ source: 'agent', address: leased?.address, mac: leased?.mac }));
    expect((await vm('ip', 'lab1', '--format', 'plain')).stdout).toBe(`${leased?.address}\n`);
  });

  it('runs a program and a script; nothing of them stays there', async () => {
    const result = await vm('exec', 'lab1', '--', 'sh', '-c', 'hostname; echo "$1" >&2; exit 7', 'sh', "it's");
    expect(result).toMatchObject({ exitCode: 7, stdout: 'guest\n', stderr: "it's\n" });
    host.write('hello.sh', '#!/bin/bash\necho "$BASH_VERSION" | grep -c . ; echo "$1"; exit 3\n');
    expect(await vm('run-script', 'lab1', 'hello.sh', 'a b')).toMatchObject({ exitCode: 3, stdout: '1\na b\n', stderr: '' });
    // Only the folder of this program itself.
    expect((await vm('exec', 'lab1', '--', 'ls', '-A', '/tmp')).stdout).toMatch(/^\.passcheck-[0-9a-f]{16}\n$/);
  });

  it('gives more output than libvirt carries in one answer, and goes on answering', async () => {
    const { exitCode, stdout } = await host.sh('passcheck vm exec lab1 -- head -c 12000000 /dev/zero | sha256sum');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `${createHash('sha256').update(Buffer.alloc(12_000_000)).digest('hex')}  -\n`,
    });
    expect(await vm('exec', 'lab1', '--', 'true')).toMatchObject({ exitCode: 0 });
  });

  it('finishes its program while libvirtd is killed and comes back', async () => {
    const work = vm('exec', 'lab1', '--', 'sh', '-c', 'for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 1; done; exit 5');
    await new Promise((done) => setTimeout(done, 4000));
    await host.restart();
    expect(await work).toMatchObject({ exitCode: 5, stdout: '1\n2\n3\n4\n5\n6\n7\n8\n', stderr: '' });
  });

  it('takes a file and gives it back', async () => {
    const bytes = randomBytes(700_000);
    host.write('up.bin', bytes);
    expect(await vm('copy', 'up.bin', 'lab1:/tmp/')).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    expect(await vm('copy', 'lab1:/tmp/up.bin', 'down.bin')).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    expect(Buffer.compare(readFileSync(join(host.folder, 'down.bin')), bytes)).toBe(0);
  });

  it('is not asked while it is paused', async () => {
    await host.virsh('suspend', 'lab1');
    const result = await vm('exec', 'lab1', '--', 'true');
    expect(result).toMatchObject({ exitCode: 255, stderr: expect.stringContaining('virsh resume lab1') });
    await host.virsh('resume', 'lab1');
    expect(await vm('exec', 'lab1', '--', 'true')).toMatchObject({ exitCode: 0 });
  });
});
