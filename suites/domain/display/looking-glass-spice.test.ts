import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aClient } from '../../../test/looking-glass.ts';
import rule from './looking-glass-spice.ts';

const NO_HOST = { lookingGlassClient: NO_HOST_FACT, lookingGlass: NO_HOST_FACT };
const MEMORY = "<shmem name='looking-glass'><model type='ivshmem-plain'/><size unit='M'>32</size></shmem>";
const judge = (devices: string, facts = NO_HOST) => judgeOneDomain(rule, { devices: MEMORY + devices }, facts);

describe(rule.id, () => {
  it.each([
    "<graphics type='spice' autoport='yes'><listen type='address'/></graphics>",
    "<graphics type='spice' port='5900'/>",
    "<graphics type='spice'><listen type='socket' socket='/run/spice'/></graphics>",
    "<graphics type='vnc'/><graphics type='spice' autoport='yes'/>",
  ])('passes %s', (devices) => expect(judge(devices)).toMatchObject({ status: 'pass' }));

  it('fails without a server', () => {
    expect(judge("<graphics type='vnc'/>")).toMatchObject({
      status: 'fail',
      message: 'without a SPICE server the client sends neither keyboard nor mouse to the guest',
      evidence: [{ source: 'win11.xml:8' }],
    });
  });

  it('knows that later clients send input another way', () => {
    const lookingGlassClient = { ok: true, value: aClient('B7.r75.g870eb8c-1', { number: 7, isTagged: false }) } as const;
    const facts = { ...NO_HOST, lookingGlassClient };
    expect(judgeOneDomain(rule, { devices: MEMORY }, facts)).toMatchObject({
      message: expect.stringContaining('neither clipboard nor sound'),
      evidence: [{}, { source: 'dpkg-query' }],
    });
  });

  it('fails on a server that has no port', () => {
    expect(judge("<graphics type='spice'><listen type='none'/></graphics>")).toMatchObject({
      status: 'fail',
      message: 'the SPICE server has no port, so the client of Looking Glass cannot reach it',
    });
  });

  it.each([
    ["<input type='evdev'><source dev='/dev/input/by-id/usb-Board-event-kbd'/></input>", 'evdev'],
    ["<hostdev mode='subsystem' type='usb'/>", 'USB devices of the host'],
  ])('passes %s, which is the choice of its user', (devices, way) =>
    expect(judge(devices)).toMatchObject({ status: 'pass', message: `no SPICE; keyboard and mouse come by ${way}` }),
  );

  it('says nothing where there is no Looking Glass', () => {
    expect(judgeOneDomain(rule, {}, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
