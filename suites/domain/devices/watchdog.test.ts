import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aLibvirt } from '../../../test/facts.ts';
import rule from './watchdog.ts';

const judge = (version: readonly [number, number] | null, model = 'itco') =>
  judgeOneDomain(rule, { devices: `<watchdog model='${model}' action='reset'/>` }, { libvirt: aLibvirt({ version }) });

describe(rule.id, () => {
  it.each([
    [9, 1],
    [10, 0],
    [11, 3],
  ] as const)('passes from libvirt 9.1 on: %i.%i', (...version) => expect(judge(version)).toMatchObject({ status: 'pass' }));

  it.each([
    [9, 0],
    [8, 10],
  ] as const)('fails for libvirt %i.%i', (...version) => {
    expect(judge(version)).toMatchObject({
      status: 'fail',
      message: `libvirt ${version.join('.')} knows no watchdog itco`,
      evidence: [{ source: 'win11.xml:9', observed: "model='itco'" }],
    });
  });

  it('does not guess the version', () => expect(judge(null)).toMatchObject({ status: 'unknown' }));

  it('says nothing of other watchdogs', () => expect(judge([9, 0], 'i6300esb')).toMatchObject({ status: 'not-applicable' }));
});
