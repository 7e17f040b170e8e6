import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { anAudioFunction, aPciDevice } from '../../../test/facts.ts';
import { aHostdev, type HostdevParts } from '../../../test/host-device.ts';
import rule from './rom-bar.ts';

const HOST = { pciDevices: { ok: true, value: [aPciDevice(), anAudioFunction()] } } as const;
const NONE = { pciDevices: NO_HOST_FACT } as const;
const judge = (rom: string, facts: Parameters<typeof rule.judge>[1] = HOST, parts: HostdevParts = {}, video = '') =>
  judgeOneDomain(rule, { gpu: false, devices: aHostdev({ ...parts, inside: rom }) + video }, facts);

describe(rule.id, () => {
  it('passes when the ROM is there', () => {
    expect(judge("<rom file='/gpu.rom'/>")).toMatchObject({ status: 'pass' });
  });

  it('fails when it is off and nothing else shows the guest', () => {
    expect(judge("<rom bar='off'/>")).toMatchObject({ status: 'fail', severity: 'minor', evidence: [{ observed: "bar='off'" }] });
    expect(judge("<rom enabled='no'/>")).toMatchObject({ status: 'fail', severity: 'minor' });
    expect(judge("<rom bar='off' file='/gpu.rom'/>")).toMatchObject({
      message: expect.stringContaining('its ROM file reaches no UEFI guest'),
    });
  });

  it('lets another display show the guest', () => {
    expect(judge("<rom bar='off'/>", HOST, {}, "<video><model type='virtio'/></video>")).toMatchObject({ status: 'not-applicable' });
  });

  it('knows what libvirt refuses', () => {
    expect(judge("<rom enabled='no' file='/gpu.rom'/>")).toMatchObject({ status: 'fail', severity: 'blocker' });
  });

  it('only asks where it does not know what the device is', () => {
    expect(judge("<rom bar='off'/>", NONE)).toMatchObject({ status: 'fail', severity: 'info' });
    expect(judge("<rom bar='off'/>", NONE, { source: '01:00.1' })).toMatchObject({ status: 'not-applicable' });
    expect(judge("<rom bar='off'/>", NONE, { source: '00:1f.0' })).toMatchObject({ status: 'not-applicable' });
  });

  it('says nothing of what is no GPU', () => {
    expect(judge("<rom bar='off'/>", HOST, { source: '01:00.1' })).toMatchObject({ status: 'not-applicable' });
  });
});
