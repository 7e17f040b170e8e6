import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './guest-os.ts';

describe(rule.id, () => {
  it.each([
    { os: 'win/11' },
    { os: 'win/10', name: 'win10' },
    { os: null, name: 'win11' },
    { os: null, name: 'ubuntu' },
    { os: 'win/2k22', name: 'server' },
    { os: 'win/11', name: 'twin10' },
  ])('passes for %o', (parts) => {
    expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'pass' });
  });

  it('tells that nothing says it, and what follows', () => {
    expect(judgeOneDomain(rule, { os: null, name: 'gaming' })).toMatchObject({
      status: 'fail',
      message: 'nothing says which system runs in it: rules about Windows were not applied',
      evidence: [{ source: 'win11.xml:2', observed: '<name>gaming</name>' }],
    });
  });

  it('tells that it is a Windows of no version', () => {
    const body = "<features><hyperv><relaxed state='on'/></hyperv></features>";
    expect(judgeOneDomain(rule, { os: null, name: 'gaming', body })).toMatchObject({
      status: 'fail',
      message: 'it is Windows (Hyper-V enlightenments), and nothing says which: rules about Windows 11 were not applied',
    });
  });

  it('tells that name and libosinfo differ', () => {
    expect(judgeOneDomain(rule, { os: 'win/10', name: 'Windows 11' })).toMatchObject({
      status: 'fail',
      message: 'it is named after Windows 11, and libosinfo says Windows 10: it was judged as Windows 10',
    });
  });

  it('says nothing of a VM without a device of the host', () => {
    expect(judgeOneDomain(rule, { os: null, gpu: false })).toMatchObject({ status: 'not-applicable' });
  });
});
