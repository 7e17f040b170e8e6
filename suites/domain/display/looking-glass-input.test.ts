import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aClient } from '../../../test/looking-glass.ts';
import rule from './looking-glass-input.ts';

const NO_HOST = { lookingGlassClient: NO_HOST_FACT, lookingGlass: NO_HOST_FACT };
const client = (isTagged: boolean) =>
  ({ ...NO_HOST, lookingGlassClient: { ok: true, value: aClient('B7', { number: 7, isTagged }) } }) as const;
const BASE =
  "<shmem name='looking-glass'><model type='ivshmem-plain'/><size unit='M'>32</size></shmem><graphics type='spice' autoport='yes'/>";
const TABLET = "<input type='tablet' bus='usb'/>";
const VIRTIO = "<input type='mouse' bus='virtio'/>";

describe(rule.id, () => {
  it.each([
    ['the default devices, for a client that is not known', BASE, NO_HOST],
    ['the default devices, for a client after B7', BASE, client(false)],
    ['a virtio mouse, for B7', BASE + VIRTIO, client(true)],
  ])('passes %s', (_, devices, facts) => expect(judgeOneDomain(rule, { devices }, facts)).toMatchObject({ status: 'pass' }));

  it('fails on a tablet', () => {
    expect(judgeOneDomain(rule, { devices: BASE + TABLET + VIRTIO }, NO_HOST)).toMatchObject({
      status: 'fail',
      message: 'a tablet takes the mouse of the SPICE client over',
      evidence: [{ source: 'win11.xml:9', observed: TABLET }],
    });
  });

  it('advises a virtio mouse for B7', () => {
    expect(judgeOneDomain(rule, { devices: BASE }, client(true))).toMatchObject({ status: 'fail', severity: 'info' });
  });

  it.each([
    ['there is no Looking Glass', { devices: TABLET }],
    ['there is no SPICE', { devices: `${BASE.replace('spice', 'vnc')}${TABLET}` }],
    ['the guest is no Windows', { devices: BASE + TABLET, os: null, name: 'ubuntu' }],
  ])('says nothing where %s', (_, parts) => expect(judgeOneDomain(rule, parts, NO_HOST)).toMatchObject({ status: 'not-applicable' }));
});
