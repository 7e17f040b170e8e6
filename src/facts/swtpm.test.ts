import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import { parseSetting, parseUnitPath, swtpm } from './swtpm.ts';

/** Debian 12, package swtpm-tools 0.7.1. */
const SETUP_CONF = `# Program invoked for creating certificates
create_certs_tool= /usr/bin/swtpm_localca
create_certs_tool_config = /etc/swtpm-localca.conf
create_certs_tool_options = /etc/swtpm-localca.options
# Comma-separated list (no spaces) of PCR banks to activate by default
active_pcr_banks = sha256
`;
const LOCALCA_CONF = `statedir = /var/lib/swtpm-localca
signingkey = /var/lib/swtpm-localca/signkey.pem
`;

const program = { mode: 0o755, kind: 'file', size: 1 } as const;

const HOST: MemoryHost = {
  files: {
    '/etc/os-release': 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\ntss:x:102:106:TPM software stack,,,:/var/lib/tpm:/bin/false\n',
    '/etc/group': 'root:x:0:\ntss:x:106:\n',
    '/etc/libvirt/qemu.conf': '#swtpm_user = "tss"\n',
    '/etc/swtpm_setup.conf': SETUP_CONF,
    '/etc/swtpm-localca.conf': LOCALCA_CONF,
  },
  stats: {
    '/usr/bin/swtpm': program,
    '/usr/bin/swtpm_setup': program,
    '/usr/bin/swtpm_ioctl': program,
    '/usr/bin/swtpm_localca': program,
    '/var/lib/swtpm-localca': { kind: 'directory', mode: 0o750, uid: 102, gid: 0 },
  },
};

describe('swtpm', () => {
  it('finds the programs, the certificate tool, its folder and the user of Debian', async () => {
    expect(await valueOf(swtpm, HOST)).toMatchObject({
      tools: {
        swtpm: { state: 'ok', value: '/usr/bin/swtpm' },
        swtpm_setup: { state: 'ok', value: '/usr/bin/swtpm_setup' },
        swtpm_ioctl: { state: 'ok', value: '/usr/bin/swtpm_ioctl' },
      },
      certificateTool: { path: '/usr/bin/swtpm_localca', file: { state: 'ok' } },
      stateFolder: { path: '/var/lib/swtpm-localca', stat: { state: 'ok' } },
      user: { name: 'tss', uid: 102, gids: [106] },
    });
  });

  it('a file that nobody may execute is no program', async () => {
    const stats = { ...HOST.stats, '/usr/bin/swtpm': { ...program, mode: 0o644 } };
    expect((await valueOf(swtpm, { ...HOST, stats })).tools.swtpm).toEqual({ state: 'absent' });
  });

  it('a folder that was not recorded leaves the answer open', async () => {
    const found = await valueOf(swtpm, { ...HOST, stats: {}, unreadable: { '/usr/bin/swtpm': 'not-recorded' } });
    expect(found.tools).toMatchObject({ swtpm: { state: 'unreadable' }, swtpm_setup: { state: 'absent' } });
  });

  it('names the folder above where the key’s folder is not there', async () => {
    const stats = { '/usr/bin/swtpm': program, '/var/lib': { kind: 'directory', mode: 0o755 } } as const;
    expect((await valueOf(swtpm, { ...HOST, stats })).stateFolder).toMatchObject({ existing: '/var/lib', stat: { state: 'ok' } });
  });

  it('does not guess the user when qemu.conf is hidden', async () => {
    expect((await valueOf(swtpm, { ...HOST, unreadable: { '/etc/libvirt/qemu.conf': 'denied' } })).user).toBeNull();
  });

  it('libvirt falls back to root where there is no user tss', async () => {
    const files = { ...HOST.files, '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n' };
    expect((await valueOf(swtpm, { ...HOST, files })).user).toMatchObject({ name: 'root', uid: 0 });
  });

  it('looks where the unit of NixOS says', async () => {
    const unit = '[Service]\nEnvironment="LC_ALL=C"\nEnvironment="PATH=/nix/store/aaa-swtpm-0.10/bin:/nix/store/bbb-coreutils/bin"\n';
    const files = { ...HOST.files, '/etc/os-release': 'ID=nixos\n', '/etc/systemd/system/libvirtd.service.d/overrides.conf': unit };
    const found = await valueOf(swtpm, { ...HOST, files, stats: { '/nix/store/aaa-swtpm-0.10/bin/swtpm': program } });
    expect(found.searched).toEqual(['/nix/store/aaa-swtpm-0.10/bin', '/nix/store/bbb-coreutils/bin']);
    expect(found.tools).toMatchObject({ swtpm: { state: 'ok' }, swtpm_setup: { state: 'absent' } });
  });
});

describe('parsers', () => {
  it('take a value with or without blanks, the last one', () => {
    expect(parseSetting(SETUP_CONF, 'create_certs_tool')).toBe('/usr/bin/swtpm_localca');
    expect(parseSetting('a=1\na = 2\n', 'a')).toBe('2');
    expect(parseSetting('ab=1', 'a')).toBeNull();
  });

  it('take any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, name) => {
        const value = parseSetting(`${text}\nEnvironment="PATH=${text}`, name);
        expect(value === null || value !== '').toBe(true);
        expect(parseUnitPath(`Environment="PATH=${text}"`).every((folder) => folder.startsWith('/'))).toBe(true);
      }),
    );
  });
});
