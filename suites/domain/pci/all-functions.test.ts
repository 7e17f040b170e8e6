import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { anAudioFunction, aPciDevice } from '../../../test/facts.ts';
import { aHostdev } from '../../../test/host-device.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import rule from './all-functions.ts';

const judge = (devices: string, audio = anAudioFunction()) =>
  judgeOneDomain(rule, { gpu: false, devices }, { pciDevices: [aPciDevice(), audio] });

describe(rule.id, () => {
  it('passes when graphics and sound are given', () => {
    expect(judge(aHostdev() + aHostdev({ source: '01:00.1' }))).toMatchObject({ status: 'pass' });
  });

  it('fails when the host holds the sound in the same group, and says what to write', () => {
    expect(judge(aHostdev(), anAudioFunction({ driver: ok('snd_hda_intel') }))).toMatchObject({
      status: 'fail',
      severity: 'blocker',
      message: '0000:01:00.0 is given without 0000:01:00.1 (audio, held by snd_hda_intel)',
      evidence: [{ source: 'win11.xml:9' }, { source: '/sys/bus/pci/devices/0000:01:00.1/driver', observed: 'snd_hda_intel' }],
      remedy: { steps: [{ file: 'win11.xml', line: expect.stringContaining("bus='0x01' slot='0x00' function='0x1'") }] },
    });
  });

  it('is milder when nothing of the host holds it, or it is in another group', () => {
    for (const audio of [
      anAudioFunction(),
      anAudioFunction({ driver: ABSENT }),
      anAudioFunction({ driver: ok('snd_hda_intel'), iommuGroup: ok('13') }),
    ])
      expect(judge(aHostdev(), audio)).toMatchObject({ status: 'fail', severity: 'major' });
  });

  it('could not look when the driver is hidden', () => {
    expect(judge(aHostdev(), anAudioFunction({ driver: unreadable('not-recorded', 'not recorded') }))).toMatchObject({ status: 'unknown' });
  });

  it('says nothing when no GPU is given', () => {
    expect(judge(aHostdev({ source: '01:00.1' }))).toMatchObject({ status: 'not-applicable' });
  });
});
