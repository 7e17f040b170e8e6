import { describe, expect, it } from 'vitest';

import { parseLibvirtConf } from '../../../src/libvirt/conf.ts';
import { judgeDomain, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import rule from './sound-backend.ts';

const NO_HOST = { qemuConf: NO_HOST_FACT };
const conf = (text: string) =>
  ({ qemuConf: { ok: true, value: { path: '/etc/libvirt/qemu.conf', exists: true, ...parseLibvirtConf(text) } } }) as const;
const SOUND = "<sound model='ich9'/>";
const judge = (devices: string, facts: Parameters<typeof judgeOneDomain<never, 'qemuConf'>>[2] = NO_HOST) =>
  judgeOneDomain(rule, { devices }, facts);

describe(rule.id, () => {
  it.each([
    `${SOUND}<audio id='1' type='pipewire'/>`,
    `<sound model='ich9'><audio id='2'/></sound><audio id='1' type='none'/><audio id='2' type='spice'/>`,
    `${SOUND}<graphics type='spice'/>`,
    // libvirt 9.0 takes the last one.
    `${SOUND}<graphics type='vnc'/><graphics type='spice'/>`,
    `${SOUND}<graphics type='spice'/><graphics type='egl-headless'/>`,
  ])('passes %s', (devices) => expect(judge(devices)).toMatchObject({ status: 'pass' }));

  it.each([
    [`${SOUND}<audio id='1' type='none'/>`, 'the sound card plays nowhere: its audio backend is "none"'],
    [SOUND, 'the sound card plays nowhere: the domain has neither an audio backend nor graphics'],
    [`${SOUND}<graphics type='vnc'/>`, 'the sound card plays nowhere: VNC carries no sound, and the domain has no audio backend'],
    [
      `${SOUND}<graphics type='spice'/><graphics type='vnc'/>`,
      'the sound card plays nowhere: VNC carries no sound, and the domain has no audio backend',
    ],
  ])('fails on %s', (devices, message) => {
    const outcome = judge(devices);
    expect(outcome).toMatchObject({ status: 'fail', message });
    expect(outcome).toHaveProperty('evidence.0', { source: 'win11.xml:9', observed: SOUND });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('passes where qemu.conf lets QEMU play', () => {
    expect(judge(SOUND, conf('nographics_allow_host_audio = 1'))).toMatchObject({ status: 'pass' });
    expect(judge(`${SOUND}<graphics type='vnc'/>`, conf('vnc_allow_host_audio = 1'))).toMatchObject({ status: 'pass' });
    expect(judge(`${SOUND}<graphics type='vnc'/>`, conf('nographics_allow_host_audio = 1'))).toMatchObject({ status: 'fail' });
  });

  it('is a blocker where a backend is missing, or there twice', () => {
    expect(judge("<sound model='ich9'><audio id='2'/></sound><audio id='1' type='spice'/>")).toMatchObject({
      status: 'fail',
      severity: 'blocker',
      message: 'there is no audio backend with the id 2, so libvirt refuses the domain',
    });
    expect(judge("<audio id='1' type='none'/><audio id='1' type='spice'/>")).toMatchObject({ severity: 'blocker' });
  });

  it('is a blocker where a backend has no number', () => {
    expect(judge("<audio type='none'/>")).toMatchObject({
      severity: 'blocker',
      message: 'the audio backend has no id, which libvirt refuses',
    });
  });

  it('judges every card, and not the beeper', () => {
    expect(judgeDomain(rule, { devices: `${SOUND}${SOUND}<sound model='pcspk'/>` }, NO_HOST)).toHaveLength(2);
  });

  it.each(['', "<audio id='1' type='none'/>"])('says nothing of "%s"', (devices) =>
    expect(judge(devices)).toMatchObject({ status: 'not-applicable' }),
  );

  it('says that a backend without a sound card has no effect, where somebody asked for it', () => {
    expect(judge("<audio id='1' type='jack'/>")).toMatchObject({
      status: 'fail',
      severity: 'info',
      message: 'no sound card plays to this backend: it has no effect',
    });
    expect(judge("<audio id='1' type='spice'/>")).toMatchObject({ status: 'not-applicable' });
    const argument =
      "<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><qemu:arg value='-device'/><qemu:arg value='hda-micro,audiodev=audio1'/></qemu:commandline>";
    expect(judgeOneDomain(rule, { devices: "<audio id='1' type='jack'/>", body: argument }, NO_HOST)).toMatchObject({
      status: 'not-applicable',
    });
  });
});
