import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aPciDevice } from '../../../test/facts.ts';
import rule from './no-bridge.ts';

const judge = (classCode: string) => judgeOneDomain(rule, {}, { pciDevices: [aPciDevice({ classCode })] });

describe(rule.id, () => {
  it.each(['030000', '060100', '068000'])('passes for class %s', (classCode) => {
    expect(judge(classCode)).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['060400', 'PCI bridge', 'blocker'],
    ['060401', 'PCI bridge', 'blocker'],
    ['060700', 'CardBus bridge', 'blocker'],
    ['060000', 'host bridge', 'major'],
  ])('fails for class %s, a %s', (classCode, name, severity) => {
    expect(judge(classCode)).toMatchObject({
      status: 'fail',
      message: expect.stringContaining(`0000:01:00.0 is a ${name}`),
      severity,
      evidence: [{}, { source: '/sys/bus/pci/devices/0000:01:00.0/class', observed: `0x${classCode}` }],
    });
  });

  it('says nothing of a device that is not there', () => {
    expect(judgeOneDomain(rule, {}, { pciDevices: [] })).toMatchObject({ status: 'not-applicable' });
  });
});
