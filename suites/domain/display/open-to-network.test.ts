import { describe, expect, it } from 'vitest';

import type { Attempt } from '../../../src/facts/fact.ts';
import type { QemuConf } from '../../../src/facts/qemu-conf.ts';
import { parseLibvirtConf } from '../../../src/libvirt/conf.ts';
import { judgeDomain, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import rule from './open-to-network.ts';

const conf = (text: string): { qemuConf: Attempt<QemuConf> } => ({
  qemuConf: { ok: true, value: { path: '/etc/libvirt/qemu.conf', exists: true, ...parseLibvirtConf(text) } },
});
const NO_HOST = { qemuConf: NO_HOST_FACT };
const OPEN = "<graphics type='vnc' listen='0.0.0.0'/>";

describe(rule.id, () => {
  it.each([
    "<graphics type='vnc'/>",
    "<graphics type='vnc' listen='127.0.0.1'/>",
    "<graphics type='spice' autoport='yes'><listen type='address' address='::1'/></graphics>",
    "<graphics type='spice' listen='0.0.0.0'/>",
    "<graphics type='vnc' listen='0.0.0.0' passwd='x'/>",
    "<graphics type='vnc' listen='0.0.0.0' passwd=''/>",
    "<graphics type='vnc' socket='/tmp/vnc'/>",
  ])('passes %s', (devices) => expect(judgeOneDomain(rule, { devices }, NO_HOST)).toMatchObject({ status: 'pass' }));

  it.each([
    OPEN,
    "<graphics type='vnc' listen='::'/>",
    "<graphics type='spice' port='5900' listen='0.0.0.0'/>",
    "<graphics type='spice' autoport='yes'><listen type='address' address='0.0.0.0'/></graphics>",
  ])('fails on %s', (devices) => {
    const outcome = judgeOneDomain(rule, { devices }, NO_HOST);
    expect(outcome).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('listens on every address of the host, and no password is to be seen'),
    });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('names the element that says so', () => {
    const devices = "<graphics type='vnc'>\n      <listen type='address' address='0.0.0.0'/>\n    </graphics>";
    expect(judgeOneDomain(rule, { devices }, NO_HOST)).toMatchObject({
      evidence: [{ source: 'win11.xml:10', observed: "<listen type='address' address='0.0.0.0'/>" }],
    });
  });

  it('names the attribute where that says so', () => {
    expect(judgeOneDomain(rule, { devices: OPEN }, NO_HOST)).toMatchObject({
      evidence: [{ source: 'win11.xml:9', observed: "listen='0.0.0.0'" }],
      remedy: { steps: [{ text: 'inside the tag <graphics>', line: "listen='127.0.0.1'" }] },
    });
  });

  it('is minor on one address of the host, which may be a network of its own', () => {
    expect(judgeOneDomain(rule, { devices: "<graphics type='vnc' listen='192.168.1.2'/>" }, NO_HOST)).toMatchObject({
      severity: 'minor',
      message: 'VNC listens on 192.168.1.2, and no password is to be seen',
    });
  });

  it('never shows a password', () => {
    const devices =
      "<graphics type='vnc' listen='0.0.0.0' passwd='hunter2'/><graphics type='spice' port='1' listen='1.2.3.4' passwd='hunter2'/>";
    expect(JSON.stringify(judgeDomain(rule, { devices }, NO_HOST))).not.toContain('hunter2');
  });

  it('says nothing of an address that it does not know', () => {
    const devices = "<graphics type='vnc'><listen type='network' network='lan'/></graphics>";
    expect(judgeOneDomain(rule, { devices }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });

  it.each(['', "<graphics type='sdl'/>", "<graphics type='egl-headless'/>"])('says nothing of "%s"', (devices) => {
    expect(judgeOneDomain(rule, { devices }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });
});

describe('qemu.conf', () => {
  it('can open what the definition leaves out', () => {
    expect(judgeOneDomain(rule, { devices: "<graphics type='vnc'/>" }, conf('vnc_listen = "0.0.0.0"\n'))).toMatchObject({
      status: 'fail',
      evidence: [{}, { source: '/etc/libvirt/qemu.conf', observed: 'vnc_listen = "0.0.0.0"' }],
    });
    expect(
      judgeOneDomain(rule, { devices: "<graphics type='vnc'/>" }, conf('vnc_listen = "0.0.0.0"\nvnc_auto_unix_socket = 1\n')),
    ).toMatchObject({
      status: 'pass',
    });
  });

  it.each(['vnc_password = "x"', 'vnc_sasl = 1', 'vnc_tls = 1\nvnc_tls_x509_verify = 1', 'vnc_tls = 1\ndefault_tls_x509_verify = 1'])(
    'can close it with %s',
    (text) => expect(judgeOneDomain(rule, { devices: OPEN }, conf(text))).toMatchObject({ status: 'pass' }),
  );

  it.each(['vnc_tls = 1', 'spice_password = "x"', 'vnc_tls_x509_verify = 1'])('does not with %s', (text) =>
    expect(judgeOneDomain(rule, { devices: OPEN }, conf(text))).toMatchObject({ status: 'fail' }),
  );
});
