import { describe, expect, it } from 'vitest';

import { aConfig } from '../../test/facts.ts';
import { collect, valueOf } from '../../test/judge.ts';
import { confText } from '../libvirt/conf.ts';
import { qemuConf } from './qemu-conf.ts';

describe('qemuConf', () => {
  it('has the settings that are set', async () => {
    const conf = await valueOf(qemuConf, { files: { '/etc/libvirt/qemu.conf': '#group = "kvm"\nuser = "alice"\n' } });
    expect(conf).toMatchObject({ exists: true, problem: null, path: '/etc/libvirt/qemu.conf' });
    expect([confText(conf, 'user'), confText(conf, 'group')]).toEqual(['alice', null]);
  });

  it('has nothing set when there is no file', async () => {
    expect(await valueOf(qemuConf, {})).toMatchObject({ exists: false, settings: [] });
  });

  it.each(['denied', 'not-recorded'] as const)('is an error, never the defaults, when the file is %s', async (reason) => {
    const attempt = await collect(qemuConf, { unreadable: { '/etc/libvirt/qemu.conf': reason } });
    expect(attempt).toMatchObject({ ok: false, error: { source: '/etc/libvirt/qemu.conf' } });
  });

  it('is in /var/lib on NixOS', async () => {
    const files = { '/etc/os-release': 'ID=nixos\nNAME=NixOS\n', '/var/lib/libvirt/qemu.conf': 'user = "qemu-libvirtd"\n' };
    expect(await valueOf(qemuConf, { files })).toMatchObject({ path: '/var/lib/libvirt/qemu.conf', exists: true });
  });

  it("is in the user's folder for a session", async () => {
    const config = aConfig({ connection: 'qemu:///session' });
    expect((await valueOf(qemuConf, { environment: { HOME: '/home/alice' } }, config)).path).toBe('/home/alice/.config/libvirt/qemu.conf');
  });
});
