import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import type { Ksm } from '../../../src/facts/ksm.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import rule from './page-sharing.ts';

const running: { ksm: Ksm } = { ksm: { state: ok('running') } };
const body = (xml: string): string => `<memory unit='GiB'>8</memory>${xml}`;

describe(rule.id, () => {
  it('passes when the guest is kept out of it', () => {
    expect(judgeOneDomain(rule, { body: body('<memoryBacking><nosharepages/></memoryBacking>') }, running)).toMatchObject({
      status: 'pass',
    });
  });

  it('fails when the host looks for equal pages', () => {
    expect(judgeOneDomain(rule, { body: body('') }, running)).toMatchObject({
      status: 'fail',
      evidence: [
        { source: 'win11.xml:8', expected: '<nosharepages/>' },
        { source: '/sys/kernel/mm/ksm/run', observed: '1 (running)' },
      ],
    });
  });

  it('writes <nosharepages/>', () => {
    expect(fixed(rule, { body: body('') }, running)).toContain('<memoryBacking>\n    <nosharepages/>\n  </memoryBacking>');
    expect(fixed(rule, { body: body('\n  <memoryBacking>\n    <locked/>\n  </memoryBacking>') }, running)).toContain(
      '<locked/>\n    <nosharepages/>',
    );
  });

  it.each([ok('stopped' as const), ok('unmerging' as const), ABSENT])('does not apply when the host does not look (%j)', (state) => {
    expect(judgeOneDomain(rule, { body: body('') }, { ksm: { state } })).toMatchObject({ status: 'not-applicable' });
  });

  it('does not apply to hugepages, nor without a passed device', () => {
    expect(judgeOneDomain(rule, { body: body('<memoryBacking><hugepages/></memoryBacking>') }, running)).toMatchObject({
      status: 'not-applicable',
    });
    expect(judgeOneDomain(rule, { body: body(''), gpu: false }, running)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: '' }, running)).toMatchObject({ status: 'not-applicable' });
  });

  it('could not look when the file is hidden', () => {
    const ksm = { state: unreadable('failed', 'permission denied') };
    expect(judgeOneDomain(rule, { body: body('') }, { ksm })).toMatchObject({
      status: 'unknown',
      evidence: [{ source: '/sys/kernel/mm/ksm/run' }],
    });
  });
});
