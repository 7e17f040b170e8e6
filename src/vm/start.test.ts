import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Connection } from '../libvirt/connection.ts';
import { startHint } from './start-hint.ts';
import { startVm } from './start.ts';

async function start(state: string, stderr = ''): Promise<{ readonly result: unknown; readonly calls: readonly string[] }> {
  const calls: string[] = [];
  const connection: Connection = {
    uri: 'qemu:///system',
    async run(command) {
      calls.push(command.join(' '));
      return { exitCode: stderr === '' ? 0 : 1, stdout: '', stderr };
    },
  };
  return { result: await startVm(connection, { uuid: 'uuid-1', state }), calls };
}

describe('starting a VM', () => {
  it('is one call, and none when it runs', async () => {
    expect(await start('shut off')).toEqual({ result: { ok: true, value: 'started' }, calls: ['start uuid-1'] });
    expect(await start('running')).toEqual({ result: { ok: true, value: 'runs already' }, calls: [] });
  });

  it('is content when somebody else was faster', async () => {
    expect((await start('shut off', 'error: Domain is already active\n')).result).toEqual({ ok: true, value: 'runs already' });
  });

  it.each(['paused', 'pmsuspended', 'in shutdown', 'crashed'])('is not tried when it is %s', async (state) => {
    expect(await start(state)).toMatchObject({ result: { ok: false, problems: [{ message: `it is ${state}` }] }, calls: [] });
  });

  it('tells what QEMU said, without its name and the time', async () => {
    const stderr =
      "error: Failed to start domain 'a'\nerror: internal error: process exited while connecting to monitor: 2026-11-20T20:15:23.119556Z qemu-system-x86_64: vfio 0000:01:00.0: group 14 is not viable\n";
    expect((await start('shut off', stderr)).result).toMatchObject({
      problems: [{ message: 'QEMU: vfio 0000:01:00.0: group 14 is not viable', fix: expect.stringContaining('passcheck preflight') }],
    });
  });
});

describe('what helps against a VM that does not start', () => {
  it.each([
    ["error: Cannot access storage file '/isos/win.iso' (as uid:0, gid:0): No such file or directory", 'Put the image there'],
    ["error: Cannot access backing file '/b' of storage file '/a' (as uid:0, gid:0): No such file or directory", ': /b'],
    ["error: Cannot access storage file '/isos/win.iso' (as uid:64055, gid:108): Permission denied", 'namei -l /isos/win.iso'],
    ['qemu-system-x86_64: Failed to get "write" lock', 'has the image open'],
    ["error: Requested operation is not valid: network 'lab-net' is not active", 'virsh net-start lab-net'],
    ["error: Network not found: no network with matching name 'lab-net'", 'Make the network lab-net'],
    ['error: internal error: Unable to find any usable hugetlbfs mount for 4096 KiB', 'hugepages'],
    ['qemu-system-x86_64: unable to map backing store for guest RAM: Cannot allocate memory', 'hugepages'],
    ['error: internal error: cannot set up guest memory', 'less memory'],
    ['error: Requested operation is not valid: PCI device 0000:01:00.0 is in use by driver QEMU, domain win10', ': win10'],
    ['error: device not found: Device 0000:fe:1f.0 not found: could not access /sys/bus/pci', 'passcheck preflight'],
    ["error: internal error: Could not run '/usr/bin/swtpm_setup'. exitstatus: 1", 'swtpm'],
    ["error: operation failed: Unable to find any firmware to satisfy 'efi'", 'ovmf'],
    ['Could not access KVM kernel module: No such file or directory', 'KVM'],
  ])('%s', (stderr, words) => {
    expect(startHint(stderr)).toContain(words);
  });

  it('is nothing where nothing is known, and ends for any text', () => {
    expect(startHint('error: strange things happen')).toBeNull();
    fc.assert(fc.property(fc.string(), (text) => startHint(text) === null || startHint(text) !== ''));
  });
});
