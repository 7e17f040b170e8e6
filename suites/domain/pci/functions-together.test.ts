import { describe, expect, it } from 'vitest';

import { judgeDomain } from '../../../test/domain-rule.ts';
import { aHostdev } from '../../../test/host-device.ts';
import rule from './functions-together.ts';

const judge = (...devices: string[]) => judgeDomain(rule, { gpu: false, devices: devices.join('') });
const card = (...guests: string[]) => guests.map((guest, part) => aHostdev({ source: `01:00.${part}`, guest }));

describe(rule.id, () => {
  it('passes when they share a slot in the order of the host', () => {
    expect(judge(...card('05:00.0', '05:00.1', '05:00.3'))).toMatchObject([{ status: 'pass' }]);
    expect(judge(...card('05:00.0', '05:00.1').toReversed())).toMatchObject([{ status: 'pass' }]);
  });

  it('tells a function that has a slot of its own, and what to write', () => {
    expect(judge(...card('05:00.0', '06:00.0'))).toMatchObject([
      {
        status: 'fail',
        message: '0000:01:00.1 is in another guest slot than 0000:01:00.0: harmless for most drivers',
        remedy: { steps: [{ line: "<address type='pci' domain='0x0000' bus='0x05' slot='0x00' function='0x1'/>" }] },
      },
    ]);
  });

  it('tells functions in another order', () => {
    expect(judge(...card('05:00.1', '05:00.0'))).toMatchObject([
      { status: 'fail', message: expect.stringContaining('comes before a lower function') },
    ]);
  });

  it('leaves devices of the chipset, single functions and what has no address alone', () => {
    const chipset = [aHostdev({ source: '00:1f.0', guest: '10:01.0' }), aHostdev({ source: '00:1f.3', guest: '10:02.0' })];
    for (const devices of [chipset, card('05:00.0'), [aHostdev(), aHostdev({ source: '01:00.1' })]])
      expect(judge(...devices)).toMatchObject([{ status: 'not-applicable' }]);
  });
});
