import { describe, expect, it } from 'vitest';

import { aGpu, anAudioFunction, aPassthrough, aPciDevice } from '../../../test/facts.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { parsePciConfigSpace, type PciConfigSpace } from '../../../src/facts/pci-config-space.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import check from './present.ts';

function header(fill: number, type: number): Reading<PciConfigSpace> {
  const bytes = new Uint8Array(64).fill(fill);
  bytes[0x0e] = type;
  const space = parsePciConfigSpace(bytes);
  return space === null ? ABSENT : ok(space);
}

const ANSWERS = header(0, 0x80);
const LOST = header(0xff, 0xff);

function judge(spaces: Readonly<Record<string, Reading<PciConfigSpace>>>, powerState = 'D0'): Outcome | undefined {
  const passthrough = aPassthrough([aGpu([aPciDevice({ powerState }), anAudioFunction({ powerState })])]);
  const judged = check.evaluate({ passthrough, pciConfig: new Map(Object.entries(spaces)) });
  return 'status' in judged ? judged : judged[0]?.outcome;
}

describe(check.id, () => {
  it('passes when every function answers', () => {
    expect(judge({ '0000:01:00.0': ANSWERS, '0000:01:00.1': ANSWERS })).toMatchObject({
      status: 'pass',
      evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.0/config', observed: 'header type 0' }, {}],
    });
  });

  it('fails when every byte is 0xff', () => {
    expect(judge({ '0000:01:00.0': LOST, '0000:01:00.1': ANSWERS }, 'unknown')).toMatchObject({
      status: 'fail',
      message: '0000:01:00.0 has fallen off the bus',
      evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.0/config', observed: 'every byte is 0xff, power state unknown' }],
    });
  });

  it('fails with header type 0x7f', () => {
    expect(judge({ '0000:01:00.0': header(0x10, 0x7f), '0000:01:00.1': ANSWERS })).toMatchObject({
      status: 'fail',
      evidence: [{ observed: expect.stringContaining('header type 0x7f') }],
    });
  });

  it('fails when only the audio function is lost', () => {
    expect(judge({ '0000:01:00.0': ANSWERS, '0000:01:00.1': LOST })).toMatchObject({
      status: 'fail',
      message: '0000:01:00.1 has fallen off the bus',
    });
  });

  it('passes a card in power state unknown that answers: without a driver the kernel says so', () => {
    expect(judge({ '0000:01:00.0': ANSWERS, '0000:01:00.1': ANSWERS }, 'unknown')).toMatchObject({ status: 'pass' });
  });

  it('fails when it does not wake up from D3cold, as reading makes it', () => {
    expect(judge({ '0000:01:00.0': LOST, '0000:01:00.1': LOST }, 'D3cold')).toMatchObject({
      status: 'fail',
      evidence: [{ observed: 'every byte is 0xff, power state D3cold' }],
    });
  });

  it('could not look where the configuration space was not recorded', () => {
    const hidden = unreadable('not-recorded', 'not recorded');
    expect(judge({ '0000:01:00.0': hidden, '0000:01:00.1': hidden })).toMatchObject({ status: 'unknown' });
    expect(judge({})).toMatchObject({ status: 'unknown' });
  });
});
