import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './mac-address.ts';

const card = (address: string): string => `<interface type='user'><mac address='${address}'/></interface>`;

describe(rule.id, () => {
  it.each(['52:54:00:00:00:01', '32:69:43:fd:13:5e', 'FE:54:00:00:00:01', '2:0:0:0:0:1'])('passes %s', (address) => {
    expect(judgeOneDomain(rule, { devices: card(address) })).toMatchObject({ status: 'pass' });
  });

  it.each(['[REDACTED]', '', '52:54:00:00:00', '52-54-00-00-00-01', '52:54:00:00:00:1g'])(
    'is a blocker on %j, which libvirt refuses',
    (address) => {
      expect(judgeOneDomain(rule, { devices: card(address) })).toMatchObject({
        status: 'fail',
        severity: 'blocker',
        message: expect.stringContaining('libvirt cannot read the address'),
      });
    },
  );

  it('is a blocker on the address of a group', () => {
    expect(judgeOneDomain(rule, { devices: card('01:54:00:00:00:01') })).toMatchObject({
      status: 'fail',
      severity: 'blocker',
      message: "01:54:00:00:00:01 is a group's address, not a card's",
    });
  });

  it('is minor on the address of a real card', () => {
    const outcome = judgeOneDomain(rule, { devices: card('00:1b:21:00:00:01') });
    expect(outcome).toMatchObject({ status: 'fail', message: '00:1b:21:00:00:01 is in the range of a maker of real cards' });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('judges each card, and says nothing of one without an address', () => {
    expect(judgeDomain(rule, { devices: card('52:54:00:00:00:01') + card('x') })).toMatchObject([{ status: 'pass' }, { status: 'fail' }]);
    expect(judgeOneDomain(rule, { devices: "<interface type='user'/>" })).toMatchObject({ status: 'not-applicable' });
  });
});
