import { describe, expect, it } from 'vitest';

import { judgeDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aPciDevice } from '../../../test/facts.ts';
import { aHostdev } from '../../../test/host-device.ts';
import type { InputDevice } from '../../../src/facts/input-devices.ts';
import rule from './host-keyboard.ts';

const XHCI = '0000:00:14.0';
const KEYBOARD: InputDevice = { id: 'input5', name: 'Model M', kind: 'keyboard', controller: XHCI };
const judge = (inputDevices: readonly InputDevice[], classCode = '0c0330') =>
  judgeDomain(
    rule,
    { gpu: false, devices: aHostdev({ source: '00:14.0' }) },
    { pciDevices: [aPciDevice({ address: XHCI, classCode })], inputDevices: { ok: true, value: inputDevices } },
  );

describe(rule.id, () => {
  it('passes when the controller has no keyboard, or another one stays', () => {
    expect(judge([{ ...KEYBOARD, kind: 'mouse' }])).toMatchObject([{ status: 'pass' }]);
    expect(judge([KEYBOARD, { ...KEYBOARD, name: 'AT keyboard', controller: null }])).toMatchObject([
      { status: 'pass', message: 'Model M goes to the guest, AT keyboard stays' },
    ]);
  });

  it('fails when it takes the only keyboard along', () => {
    expect(judge([KEYBOARD, { ...KEYBOARD, id: 'input6', name: 'G102', kind: 'mouse' }])).toMatchObject([
      {
        status: 'fail',
        message: '0000:00:14.0 takes the only keyboard of the host along: Model M',
        evidence: [{}, { source: '/sys/class/input/input5', observed: 'keyboard: Model M' }, { observed: 'mouse: G102' }],
      },
    ]);
  });

  it('could not look where inputs are hidden', () => {
    const facts = { pciDevices: [aPciDevice({ address: XHCI, classCode: '0c0330' })], inputDevices: NO_HOST_FACT };
    expect(judgeDomain(rule, { gpu: false, devices: aHostdev({ source: '00:14.0' }) }, facts)).toMatchObject([
      { status: 'unknown', severity: 'minor' },
    ]);
  });

  it('says nothing of other devices', () => {
    expect(judge([KEYBOARD], '010601')).toMatchObject([{ status: 'not-applicable' }]);
  });
});
