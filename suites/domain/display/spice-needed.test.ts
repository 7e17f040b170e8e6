import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aLibvirt } from '../../../test/facts.ts';
import rule from './spice-needed.ts';

const NO_HOST = { libvirt: NO_HOST_FACT };
const libvirt = (version: readonly [number, number]) => ({ libvirt: { ok: true, value: aLibvirt({ version }) } }) as const;
const SERVER = "<graphics type='spice' autoport='yes'/>";
const CHANNEL = "<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>";

describe(rule.id, () => {
  it('passes with a server', () => {
    expect(judgeOneDomain(rule, { devices: SERVER + CHANNEL }, NO_HOST)).toMatchObject({ status: 'pass' });
  });

  it.each([
    [CHANNEL, 'channel'],
    ["<redirdev bus='usb' type='spicevmc'/>", 'redirdev'],
    ["<smartcard mode='passthrough' type='spicevmc'/>", 'smartcard'],
    ["<audio id='1' type='spice'/>", 'audio'],
  ])('fails on %s without one', (xml, name) => {
    expect(judgeOneDomain(rule, { devices: `<graphics type='vnc'/>${xml}` }, NO_HOST)).toMatchObject({
      status: 'fail',
      message: expect.stringContaining(`<${name}> goes to a SPICE client, and the domain has no SPICE server`),
      evidence: [{ source: 'win11.xml:9' }],
    });
  });

  it('tells every place once', () => {
    const redirection = "\n<redirdev bus='usb' type='spicevmc'/>";
    expect(judgeDomain(rule, { devices: `${CHANNEL}${redirection}${redirection}\n<audio id='1' type='spice'/>` }, NO_HOST)).toMatchObject([
      {
        message: expect.stringContaining('<channel>, <redirdev> and <audio> go to a SPICE client'),
        evidence: [9, 10, 11, 12].map((line) => ({ source: `win11.xml:${line}` })),
        remedy: { summary: expect.stringContaining('pulseaudio) and take <channel> and <redirdev> away') },
      },
    ]);
  });

  it('is no blocker for a libvirt that takes it', () => {
    expect(judgeOneDomain(rule, { devices: CHANNEL }, libvirt([8, 3]))).toMatchObject({ severity: 'minor' });
    expect(judgeOneDomain(rule, { devices: CHANNEL }, libvirt([8, 4]))).not.toHaveProperty('severity');
  });

  it.each([
    '',
    SERVER,
    "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>",
    "<channel type='qemu-vdagent'/>",
    "<audio id='1' type='none'/>",
  ])('says nothing of "%s"', (devices) => expect(judgeOneDomain(rule, { devices }, NO_HOST)).toMatchObject({ status: 'not-applicable' }));
});
