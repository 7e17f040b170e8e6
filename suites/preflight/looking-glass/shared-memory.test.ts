import { describe, expect, it } from 'vitest';

import { FactError } from '../../../src/facts/fact-error.ts';
import type { SharedMemoryFile } from '../../../src/facts/looking-glass.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import { aConfig } from '../../../test/facts.ts';
import { aClient, aDevice, aSharedFile, aStat, aUser, MIB, PLATFORM } from '../../../test/looking-glass.ts';
import check from './shared-memory.ts';

function judge(given: Partial<SharedMemoryFile> = {}, resolution?: string, client = ABSENT as ReturnType<typeof aClient>) {
  const judged = check.evaluate({
    lookingGlass: [aSharedFile(given)],
    config: aConfig(resolution === undefined ? {} : { lookingGlass: { resolution, file: '/dev/shm/looking-glass' } }),
    lookingGlassClient: { ok: true, value: client },
    platform: PLATFORM,
  });
  return 'status' in judged ? judged : judged[0]?.outcome;
}

const blockedAt = (at: string) =>
  ({ state: 'blocked', at, stat: { kind: 'file', size: 0, mode: 0o600, uid: 64_055, gid: 108, mtimeMs: 0 } }) as const;

const labelled = (context: string, isConfined: Reading<boolean> = ok(true), hasLocalModule = false): Partial<SharedMemoryFile> => ({
  seLinux: ok({ context: ok(context), isConfined, hasLocalModule }),
});

describe(check.id, () => {
  it('passes, and says for which resolution it is enough', () => {
    expect(judge()).toMatchObject({ status: 'pass', message: 'enough for 2560x1440', evidence: [{ source: '/dev/shm/looking-glass' }] });
  });

  it('is not applicable when nothing uses it, or only a device', () => {
    const facts = { config: aConfig(), lookingGlassClient: { ok: true, value: ABSENT }, platform: PLATFORM } as const;
    expect(check.evaluate({ lookingGlass: [], ...facts })).toMatchObject({ status: 'not-applicable' });
    expect(check.evaluate({ lookingGlass: [aDevice()], ...facts })).toMatchObject({ status: 'not-applicable' });
  });

  it('exactly what the resolution needs is enough, the next size below is not', () => {
    expect(judge({}, '2560x1440')).toMatchObject({ status: 'pass', evidence: [{ expected: '64 MiB for 2560x1440 (after B7)' }] });
    expect(judge({ sizeBytes: 32 * MIB, stat: aStat({ size: 32 * MIB }) }, '2560x1440')).toMatchObject({
      status: 'fail',
      message: 'win11: 32 MiB, Looking Glass needs 64 MiB for 2560x1440 (after B7)',
    });
  });

  it('the release of the client decides the formula', () => {
    const five = { sizeBytes: 128 * MIB, stat: aStat({ size: 128 * MIB }) };
    expect(judge(five, '5120x2880', aClient('B7', { number: 7, isTagged: true }))).toMatchObject({ status: 'pass' });
    expect(judge(five, '5120x2880')).toMatchObject({ status: 'fail', message: expect.stringContaining('256 MiB') });
  });

  it('without a resolution it must be enough for 1920x1080', () => {
    expect(judge({ sizeBytes: 32 * MIB, stat: aStat({ size: 32 * MIB }) })).toMatchObject({ status: 'pass' });
    expect(judge({ sizeBytes: 16 * MIB, stat: aStat({ size: 16 * MIB }) })).toMatchObject({ status: 'fail' });
  });

  it('a file that is shorter than the VM asks for keeps it from starting, a longer one is minor', () => {
    expect(judge({ stat: aStat({ size: 32 * MIB }) })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('does not start'),
    });
    expect(judge({ stat: aStat({ size: 128 * MIB }) })).toMatchObject({ status: 'fail', severity: 'minor' });
    expect(judge({ stat: aStat({ size: 0 }) })).toMatchObject({ status: 'pass' });
  });

  it('a file that is not there will be made by QEMU for itself', () => {
    const missing = { stat: ABSENT, qemu: aUser('libvirt-qemu', 64_055, null), client: aUser('alice', 1000, null) };
    expect(judge({ ...missing, tmpfiles: ABSENT })).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/dev/shm/looking-glass', observed: 'not there' }],
      remedy: { steps: [{ file: '/etc/tmpfiles.d/10-looking-glass.conf', line: 'f /dev/shm/looking-glass 0660 alice kvm -' }, {}] },
    });
    expect(judge(missing)).toMatchObject({
      status: 'fail',
      severity: 'minor',
      remedy: { steps: [{ run: expect.stringContaining('--create') }] },
    });
    expect(judge({ ...missing, tmpfiles: ABSENT, qemu: missing.client })).toMatchObject({ status: 'pass' });
    expect(judge({ ...missing, tmpfiles: unreadable('denied', 'permission denied') })).toMatchObject({ status: 'unknown' });
  });

  it('fails when QEMU or the client may not write it', () => {
    expect(judge({ client: aUser('alice', 1000, blockedAt('/dev/shm/looking-glass')) })).toMatchObject({
      status: 'fail',
      message: 'alice, who runs the client, may not read and write /dev/shm/looking-glass',
      evidence: [{ observed: 'owner 64055:108, mode 600' }],
    });
    expect(judge({ qemu: aUser('libvirt-qemu', 64_055, blockedAt('/dev/shm/looking-glass')) })).toMatchObject({ status: 'fail' });
  });

  it('a device or a folder in its place is named', () => {
    expect(judge({ stat: aStat({ kind: 'directory' }) })).toMatchObject({
      status: 'fail',
      message: '/dev/shm/looking-glass is no regular file',
    });
  });

  it('says what makes it only until the next boot', () => {
    expect(judge({ tmpfiles: ABSENT })).toMatchObject({ status: 'pass', message: expect.stringContaining('next boot') });
  });

  it('could not look: the file, the user of QEMU, or a list decides', () => {
    const error = new FactError({ source: '/etc/libvirt/qemu.conf', reason: 'permission denied' });
    expect(judge({ stat: unreadable('not-recorded', 'not recorded') })).toMatchObject({ status: 'unknown' });
    expect(judge({ qemu: { ok: false, error } })).toMatchObject({ status: 'unknown', evidence: [{ source: '/etc/libvirt/qemu.conf' }] });
    const open = aUser('alice', 1000, { state: 'unknown', at: '/dev/shm/looking-glass', reason: 'getfacl is not installed' });
    expect(judge({ client: open })).toMatchObject({ status: 'unknown' });
  });

  it('fails where SELinux does not let QEMU open what systemd-tmpfiles made', () => {
    expect(judge(labelled('system_u:object_r:tmpfs_t:s0'))).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('whose type is tmpfs_t'),
      evidence: [{ source: 'ls -Z /dev/shm/looking-glass', expected: 'type svirt_tmpfs_t' }],
      remedy: { steps: [{ run: expect.stringContaining('semanage fcontext') }, { run: 'restorecon -v /dev/shm/looking-glass' }] },
    });
    expect(judge(labelled('system_u:object_r:svirt_tmpfs_t:s0'))).toMatchObject({ status: 'pass' });
  });

  it('does not judge the label where QEMU is not confined, or a local module speaks of it', () => {
    expect(judge(labelled('system_u:object_r:tmpfs_t:s0', ok(false)))).toMatchObject({ status: 'pass' });
    expect(judge(labelled('system_u:object_r:tmpfs_t:s0', ok(true), true))).toMatchObject({ status: 'pass' });
    expect(judge(labelled('system_u:object_r:tmpfs_t:s0', unreadable('denied', 'x')))).toMatchObject({ status: 'unknown' });
    expect(judge({ seLinux: unreadable('not-recorded', 'x') })).toMatchObject({ status: 'unknown' });
  });

  it('has the file made with the label that QEMU needs', () => {
    const missing = { stat: ABSENT, tmpfiles: ABSENT, client: aUser('alice', 1000, null) };
    const seLinux = ok({ context: ABSENT, isConfined: ok(true), hasLocalModule: false });
    expect(judge({ ...missing, seLinux })).toMatchObject({ remedy: { steps: [{}, {}, { run: expect.stringContaining('semanage') }, {}] } });
  });

  it('a certain failure is said before an open question', () => {
    const error = new FactError({ source: '/etc/libvirt/qemu.conf', reason: 'permission denied' });
    const client = aUser('alice', 1000, blockedAt('/dev/shm/looking-glass'));
    expect(judge({ qemu: { ok: false, error }, client })).toMatchObject({ status: 'fail' });
  });
});
