import { describe, expect, it } from 'vitest';

import { fixed, judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './duplicate-feature.ts';

const features = (...list: readonly string[]): { body: string } => ({
  body: `<cpu mode='host-passthrough'>\n    ${list.map((one) => `<feature ${one}/>`).join('\n    ')}\n  </cpu>`,
});

describe(rule.id, () => {
  it('passes when each is named once', () => {
    expect(judgeOneDomain(rule, features("name='svm'", "policy='require' name='topoext'"))).toMatchObject({ status: 'pass' });
  });

  it('fails on the second of two, and removes it: require is the default', () => {
    const twice = features("policy='require' name='topoext'", "name='svm'", "name='topoext'");
    expect(judgeOneDomain(rule, twice)).toMatchObject({
      status: 'fail',
      message: 'the feature topoext is named twice',
      evidence: [{ source: 'win11.xml:11', observed: "<feature name='topoext'/>" }],
    });
    expect(fixed(rule, twice)).toContain("<feature policy='require' name='topoext'/>\n    <feature name='svm'/>\n  </cpu>");
  });

  it('removes all but the first of three', () => {
    const text = fixed(rule, features("name='svm'", "name='svm'", "name='svm'"));
    expect(text.match(/<feature/g)).toHaveLength(1);
  });

  it('leaves the choice between two policies to a person', () => {
    const outcome = judgeOneDomain(rule, features("policy='require' name='svm'", "policy='disable' name='svm'"));
    expect(outcome).toMatchObject({ status: 'fail', message: 'the feature svm is named twice, with the policies require and disable' });
    expect(outcome).not.toHaveProperty('edits');
  });

  it('names at most twenty of them', () => {
    expect(judgeDomain(rule, features(...Array.from({ length: 100 }, () => "name='svm'")))).toHaveLength(20);
  });

  it('says nothing where no feature is named', () => {
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: "<cpu mode='host-passthrough'/>" })).toMatchObject({ status: 'not-applicable' });
  });
});
