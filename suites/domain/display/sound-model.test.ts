import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './sound-model.ts';

const sound = (model: string) => ({ devices: `<sound model='${model}'/>` });

describe(rule.id, () => {
  it.each(['ich9', 'usb', 'virtio', 'pcspk'])('passes %s', (model) =>
    expect(judgeOneDomain(rule, sound(model))).toMatchObject({ status: 'pass' }),
  );

  it.each(['ac97', 'es1370', 'sb16'])('fails on %s', (model) => {
    expect(judgeOneDomain(rule, sound(model))).toMatchObject({
      status: 'fail',
      message: `64-bit Windows has no driver of its own for ${model}`,
      evidence: [{ source: 'win11.xml:9', observed: `model='${model}'` }],
    });
  });

  it('calls ich6 outdated', () => expect(judgeOneDomain(rule, sound('ich6'))).toMatchObject({ status: 'fail', severity: 'info' }));

  it.each([{}, { ...sound('ac97'), os: null, name: 'ubuntu' }])(
    'says nothing of a guest without a card, or that is no Windows',
    (parts) => {
      expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'not-applicable' });
    },
  );
});
