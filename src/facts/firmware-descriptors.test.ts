import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { parseFirmwareDescriptor } from './firmware-descriptor-text.ts';
import { firmwareDescriptors } from './firmware-descriptors.ts';

/** Shape of the descriptors of Debian 12 (package ovmf 2022.11-6). */
function descriptor(code: string, vars: string, features: readonly string[] = ['secure-boot', 'enrolled-keys', 'requires-smm']): string {
  return JSON.stringify({
    description: 'UEFI firmware for x86_64',
    'interface-types': ['uefi'],
    mapping: { device: 'flash', executable: { filename: code, format: 'raw' }, 'nvram-template': { filename: vars, format: 'raw' } },
    targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
    features,
    tags: [],
  });
}

const CODE = '/usr/share/OVMF/OVMF_CODE_4M.ms.fd';
const VARS = '/usr/share/OVMF/OVMF_VARS_4M.ms.fd';

describe('firmwareDescriptors', () => {
  it('reads a descriptor and looks whether its files are there', async () => {
    const { descriptors } = await valueOf(firmwareDescriptors, {
      files: { '/usr/share/qemu/firmware/40-secure.json': descriptor(CODE, VARS), '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd': 'code' },
      links: { [CODE]: 'OVMF_CODE_4M.secboot.fd' },
    });
    expect(descriptors).toMatchObject([
      {
        path: '/usr/share/qemu/firmware/40-secure.json',
        device: 'flash',
        executable: { path: CODE, format: 'raw', file: { state: 'ok', value: { kind: 'file' } } },
        nvramTemplate: { path: VARS, file: { state: 'absent' } },
        targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
      },
    ]);
  });

  it('a file in /etc masks the one of the same name, an empty one switches it off', async () => {
    const { descriptors } = await valueOf(firmwareDescriptors, {
      files: {
        '/usr/share/qemu/firmware/60-plain.json': descriptor(CODE, VARS, []),
        '/usr/share/qemu/firmware/50-secure.json': descriptor(CODE, VARS),
        '/etc/qemu/firmware/60-plain.json': descriptor('/opt/CODE.fd', '/opt/VARS.fd', []),
        '/etc/qemu/firmware/50-secure.json': '',
      },
    });
    expect(descriptors.map(({ path }) => path)).toEqual(['/etc/qemu/firmware/60-plain.json']);
  });

  it('sorts by file name whatever the folder', async () => {
    const { descriptors } = await valueOf(firmwareDescriptors, {
      files: { '/usr/share/qemu/firmware/60.json': descriptor(CODE, VARS), '/etc/qemu/firmware/70.json': descriptor(CODE, VARS) },
    });
    expect(descriptors.map(({ path }) => path)).toEqual(['/usr/share/qemu/firmware/60.json', '/etc/qemu/firmware/70.json']);
  });

  it('tells a file that is no JSON from JSON that is no descriptor', async () => {
    const { bad } = await valueOf(firmwareDescriptors, {
      files: {
        '/etc/qemu/firmware/a.json': '{',
        '/etc/qemu/firmware/b.json': '{"mapping":{"device":7}}',
        '/etc/qemu/firmware/.c.swp': '{',
      },
    });
    expect(bad).toMatchObject([
      { path: '/etc/qemu/firmware/a.json', kind: 'broken' },
      { path: '/etc/qemu/firmware/b.json', kind: 'not-understood' },
    ]);
  });

  it('a link that leads nowhere is what libvirt stops at', async () => {
    const { bad } = await valueOf(firmwareDescriptors, { links: { '/etc/qemu/firmware/a.json': '/nowhere' } });
    expect(bad).toMatchObject([{ path: '/etc/qemu/firmware/a.json', kind: 'broken' }]);
  });

  it('a descriptor that may not be read is not skipped in silence', async () => {
    const host = {
      files: { '/etc/qemu/firmware/a.json': descriptor(CODE, VARS) },
      unreadable: { '/etc/qemu/firmware/a.json': 'denied' },
    } as const;
    expect((await valueOf(firmwareDescriptors, host)).bad).toMatchObject([{ kind: 'hidden' }]);
  });

  it('a folder that may not be listed is an error', async () => {
    const host = { folders: ['/usr/share/qemu/firmware'], unreadable: { '/usr/share/qemu/firmware': 'not-recorded' } } as const;
    expect(await collect(firmwareDescriptors, host)).toMatchObject({ ok: false, error: { source: '/usr/share/qemu/firmware' } });
  });

  it('finds the firmware of NixOS that no descriptor lists', async () => {
    const host = { files: { '/run/libvirt/nix-ovmf/OVMF_CODE.fd': 'x', '/run/libvirt/nix-ovmf/OVMF_VARS.fd': 'x' } };
    expect((await valueOf(firmwareDescriptors, host)).unlisted).toEqual(['/run/libvirt/nix-ovmf/OVMF_CODE.fd']);
  });
});

describe('parseFirmwareDescriptor', () => {
  it('takes firmware without variables of its own', () => {
    const text = JSON.stringify({
      'interface-types': ['uefi'],
      mapping: { device: 'memory', filename: '/usr/share/edk2/ovmf/OVMF.amdsev.fd' },
      targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
      features: ['amd-sev'],
    });
    expect(parseFirmwareDescriptor(text)).toMatchObject({
      executable: { path: '/usr/share/edk2/ovmf/OVMF.amdsev.fd' },
      nvramTemplate: null,
    });
  });

  it('answers any text with a descriptor or with what is wrong', () => {
    const looksLikeOne = fc
      .record({ 'interface-types': fc.anything(), mapping: fc.anything(), targets: fc.anything() })
      .map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), looksLikeOne), (text) => {
        const parsed = parseFirmwareDescriptor(text);
        expect('kind' in parsed || Array.isArray(parsed.features)).toBe(true);
      }),
    );
  });
});
