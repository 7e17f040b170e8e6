import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { aConfig } from '../../test/facts.ts';
import { collect, valueOf } from '../../test/judge.ts';
import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { createFactStore } from '../engine/fact-store.ts';
import { memoryHost, type MemoryHost } from '../host/memory.ts';
import { recordingHost } from '../host/recorder.ts';
import { redact } from '../host/redact.ts';
import { domainsArgv, listArgv, listCommand } from '../libvirt/virsh.ts';
import { domains } from './domains.ts';

const A = 'ec576e85-fa76-44b3-9f37-8def2a6f9c95';
const B = '668bc66a-4cf7-4dac-bc6b-6efefd09e84f';
const LIST = listArgv('qemu:///system', false).join(' ');
const dump = (...uuids: string[]): string => (domainsArgv('qemu:///system', false, uuids)[0] ?? []).join(' ');
const xml = (name: string): string => `<domain type='kvm'>\n  <name>${name}</name>\n  <memory unit='KiB'>1024</memory>\n</domain>\n\n`;
const REAL = readFileSync(new URL('../../fixtures/domains/Lobo6780__win11-libvirt-xml__win11.xml', import.meta.url), 'utf8');
const refused = (reason: string): MemoryHost => ({
  commands: { [LIST]: { exitCode: 1, stdout: '==', stderr: `error: failed to connect to the hypervisor\nerror: ${reason}\n` } },
});
const names = (found: readonly { definition: { name: string }; state: string }[]): string[] =>
  found.map(({ definition, state }) => `${definition.name}: ${state}`);

describe('domains by virsh', () => {
  it('are read in two processes and sorted by name', async () => {
    const commands = {
      [LIST]: `\n=\n=${A}\n${B}\n\n`,
      [dump(A, B)]: `=${A}=running\n${REAL}\n=${B}=shut off\n${xml('a b;&quot;c&apos; $x')}`,
    };
    const found = await valueOf(domains, { commands });
    expect(names(found)).toEqual(['a b;"c\' $x: shut off', 'win11: running']);
    expect(found[1]?.definition.pciDevices).toHaveLength(3);
  });

  it('are none where libvirt says so', async () => {
    expect(await valueOf(domains, { commands: { [LIST]: '\n=\n=\n' } })).toEqual([]);
  });

  it('leave out one that was undefined in between', async () => {
    const stderr = `error: failed to get domain '${A}'\nerror: Domain not found: no domain with matching name\n`.repeat(2);
    const stdout = `=${A}=\n=${B}=shut off\n${xml('b')}`;
    const commands = { [LIST]: `==${A}\n${B}\n`, [dump(A, B)]: { exitCode: 0, stdout, stderr } };
    expect(names(await valueOf(domains, { commands }))).toEqual(['b: shut off']);
  });

  it('are found again in a snapshot whose UUIDs were replaced', async () => {
    const commands = { [LIST]: `\n=\n=${B}\n${A}\n`, [dump(B, A)]: `=${B}=running\n${REAL}\n=${A}=shut off\n${xml('a')}` };
    const { host, recording } = recordingHost(memoryHost({ commands }));
    await createFactStore({ host, context: { config: DEFAULT_CONFIG }, now: () => 0 }).get(domains);
    const redacted = redact(recording(), DEFAULT_CONFIG).recording.commands.flatMap(({ argv, reading }) =>
      reading.state === 'ok' ? [[argv.join(' '), reading.value] as const] : [],
    );
    expect(JSON.stringify(redacted)).not.toContain(A);
    expect(names(await valueOf(domains, { commands: Object.fromEntries(redacted) }))).toEqual(['a: shut off', 'win11: running']);
  });

  it('are an error when one cannot be read for another reason', async () => {
    const stderr = 'error: End of file while reading data: Input/output error\n';
    const commands = { [LIST]: `==${A}\n`, [dump(A)]: { exitCode: 1, stdout: `=${A}=`, stderr } };
    const host = { commands, unreadable: { '/etc/libvirt/qemu': 'denied' } } as const;
    expect(await collect(domains, host)).toMatchObject({
      ok: false,
      error: { reason: 'End of file while reading data: Input/output error' },
    });
  });

  it('are an error when a definition is no XML', async () => {
    const commands = { [LIST]: `==${A}\n`, [dump(A)]: `=${A}=running\n<domain>\u{0}` };
    expect(await collect(domains, { commands })).toMatchObject({ ok: false, error: { source: `virsh dumpxml ${A}` } });
  });

  it.each(['timed-out', 'denied', 'not-recorded', 'too-large'] as const)(
    'are an error when virsh is %s and its files are hidden',
    async (reason) => {
      const attempt = await collect(domains, { unreadable: { [LIST]: reason, '/etc/libvirt/qemu': 'denied' } });
      expect(attempt).toMatchObject({ ok: false, error: { source: listCommand('qemu:///system', false) } });
    },
  );

  it('are an error when a snapshot holds neither virsh nor the files', async () => {
    const attempt = await collect(domains, { unreadable: { [LIST]: 'not-recorded', '/run/libvirt/qemu': 'not-recorded' } });
    expect(attempt).toMatchObject({ ok: false, error: { hint: expect.stringContaining('record a new one') } });
  });
});

describe('domains without virsh', () => {
  const files = {
    '/etc/libvirt/qemu/win11.xml': REAL,
    '/etc/libvirt/qemu/b.xml': xml('b'),
    '/etc/libvirt/qemu/networks/default.xml': '<network/>',
  };

  it('come from the files, with the state from /run', async () => {
    const running = { '/run/libvirt/qemu/win11.xml': `<domstatus state='running'>${REAL.replace(/^<\?xml.*\?>/, '')}</domstatus>` };
    expect(names(await valueOf(domains, { files: { ...files, ...running } }))).toEqual(['b: shut off', 'win11: running']);
  });

  it('have the transient ones, which only /run knows', async () => {
    const transient = { '/run/libvirt/qemu/t.xml': `<domstatus state='running'>${xml('t')}</domstatus>` };
    expect(names(await valueOf(domains, { files: transient }))).toEqual(['t: running']);
  });

  it('are read by root while libvirt is stopped', async () => {
    const host = refused("Failed to connect socket to '/run/libvirt/libvirt-sock': No such file or directory");
    expect(names(await valueOf(domains, { ...host, files }))).toEqual(['b: shut off', 'win11: shut off']);
  });

  it('are none where neither virsh nor any libvirt is', async () => {
    expect(await valueOf(domains, {})).toEqual([]);
  });

  it('are an error that points to the check of the daemon when the files are hidden, for there the cause is told', async () => {
    const host = refused("authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.monitor'");
    const attempt = await collect(domains, { ...host, files, unreadable: { '/etc/libvirt/qemu/b.xml': 'denied' } });
    expect(attempt).toMatchObject({
      ok: false,
      error: { source: listCommand('qemu:///system', false), hint: expect.stringContaining('preflight/libvirt/daemon') },
    });
    expect(!attempt.ok && attempt.error.reason.length).toBeLessThan(40);
  });

  it('are an error, not none, when virsh is missing and the folder is hidden', async () => {
    const attempt = await collect(domains, { unreadable: { '/etc/libvirt/qemu': 'denied' } });
    expect(attempt).toMatchObject({ ok: false, error: { source: '/etc/libvirt/qemu', hint: expect.stringContaining('as root') } });
  });

  it('are an error, which names the file, when a file is no domain', async () => {
    const attempt = await collect(domains, { files: { '/etc/libvirt/qemu/x.xml': '\u{0}\u{1}' } });
    expect(attempt).toMatchObject({ ok: false, error: { source: '/etc/libvirt/qemu/x.xml' } });
  });
});

describe("domains of the user's session", () => {
  const config = aConfig({ connection: 'qemu:///session' });

  it("are in the user's folders", async () => {
    const environment = { HOME: '/home/alice', XDG_RUNTIME_DIR: '/run/user/1000' };
    const files = {
      '/home/alice/.config/libvirt/qemu/a.xml': xml('a'),
      '/run/user/1000/libvirt/qemu/run/a.xml': `<domstatus>${xml('a')}</domstatus>`,
    };
    expect(names(await valueOf(domains, { environment, files }, config))).toEqual(['a: running']);
  });

  it('are not those that root sees under sudo', async () => {
    const status = 'Pid:\t1\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t0 \n';
    const host: MemoryHost = {
      files: { '/proc/self/status': status },
      environment: { SUDO_UID: '1000', SUDO_GID: '1000', SUDO_USER: 'alice' },
    };
    expect(await collect(domains, host, config)).toMatchObject({ ok: false, error: { hint: expect.stringContaining('without sudo') } });
  });
});
