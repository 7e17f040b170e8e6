import { describe, expect, it } from 'vitest';

import { anAudioFunction, aPciDevice } from '../../test/facts.ts';
import { configuredGpus } from './configured-gpus.ts';

const devices = [aPciDevice(), anAudioFunction(), aPciDevice({ address: '0000:05:00.0', device: '1234', classCode: '020000' })];

describe('configuredGpus', () => {
  it('accepts the audio function beside its GPU', () => {
    expect(configuredGpus(devices, { gpu: ['0000:01:00.0', '0000:01:00.1'], ids: [] })).toMatchObject({
      evidence: [{ device: { address: '0000:01:00.0' }, reason: 'passcheck.yaml, gpu: 0000:01:00.0' }],
      problems: [],
    });
  });

  it('refuses an id that only a network card has', () => {
    expect(configuredGpus(devices, { gpu: [], ids: ['10de:1234'] })).toEqual({
      evidence: [],
      problems: ['passcheck.yaml, ids: 10de:1234 is no display device (class 020000)'],
    });
  });

  it('refuses an id that no device has', () => {
    expect(configuredGpus(devices, { gpu: [], ids: ['ffff:0000'] }).problems).toEqual([
      'passcheck.yaml, ids: there is no device ffff:0000',
    ]);
  });
});
