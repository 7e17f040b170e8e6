import { describe, expect, it } from 'vitest';

import { aConfig } from '../../test/facts.ts';
import { judge } from '../../test/judge.ts';
import { type Check, defineCheck } from './check.ts';
import { couldNotLook, fail, notApplicable, pass, type Outcome } from './outcome.ts';

const EVIDENCE = { source: '/proc/cmdline', observed: 'quiet' };
const BAD = fail('it is bad', { evidence: [EVIDENCE], remedy: { summary: 'Mend it', steps: [{ run: 'mend' }] }, severity: 'major' });

function aCheck(id: string, outcome: Outcome | readonly { subject: string; outcome: Outcome }[]): Check {
  return defineCheck({
    id,
    title: 'It is good',
    severity: 'blocker',
    why: 'Because.',
    sources: ['https://example.org'],
    evaluate: () => outcome,
  });
}

describe('runChecks', () => {
  it('turns outcomes into results, with an own severity where the outcome has one', async () => {
    const report = await judge([aCheck('a', pass(EVIDENCE)), aCheck('b', BAD), aCheck('c', notApplicable('no GPU'))], {});
    expect(report.results.map(({ status, severity, message }) => [status, severity, message])).toEqual([
      ['pass', 'blocker', null],
      ['fail', 'major', 'it is bad'],
      ['not-applicable', 'blocker', 'no GPU'],
    ]);
    expect(report).toMatchObject({ verdict: 'GO', counts: { pass: 1, fail: 1, error: 0, 'not-applicable': 1, skipped: 0 } });
  });

  it('says which severities the configuration changes among the checks that ran', async () => {
    const config = aConfig({ severity: { a: 'info', elsewhere: 'minor' } });
    expect(await judge([aCheck('a', BAD)], {}, config)).toMatchObject({ verdict: 'GO', severities: { a: 'info' } });
    expect(await judge([aCheck('a', pass(EVIDENCE))], {})).not.toHaveProperty('severities');
  });

  it('never makes a pass of what could not be looked at', async () => {
    const report = await judge(
      [aCheck('a', couldNotLook('/dev/kvm', 'permission denied', 'Run it as root')), aCheck('b', pass(EVIDENCE))],
      {},
    );
    expect(report).toMatchObject({ verdict: 'INCONCLUSIVE', results: [{ status: 'error', remedy: { summary: 'Run it as root' } }, {}] });
  });

  it('makes an error of a check whose fact cannot be had, with the hint', async () => {
    const needing = defineCheck({
      id: 'a',
      title: 'It is good',
      severity: 'blocker',
      needs: ['kernel'],
      why: 'Because.',
      sources: ['https://example.org'],
      evaluate: () => pass(EVIDENCE),
    });
    const { results } = await judge([needing], { unreadable: { '/proc/cmdline': 'denied' } });
    expect(results).toMatchObject([
      { status: 'error', evidence: [{ source: '/proc/cmdline' }], remedy: { summary: 'run passcheck as root to see it' } },
    ]);
  });

  it('gives one result per subject, sorted, and not-applicable for none', async () => {
    const subjects = ['0000:02:00.0', '0000:01:00.0'].map((subject) => ({ subject, outcome: pass(EVIDENCE) }));
    const report = await judge([aCheck('a', subjects), aCheck('b', [])], {});
    expect(report.results.map(({ subject, status }) => [subject, status])).toEqual([
      ['0000:01:00.0', 'pass'],
      ['0000:02:00.0', 'pass'],
      [null, 'not-applicable'],
    ]);
  });

  it('lets the configuration decide the severity over check and outcome', async () => {
    const report = await judge([aCheck('a', BAD)], {}, aConfig({ severity: { a: 'blocker' } }));
    expect(report).toMatchObject({ verdict: 'NO-GO', results: [{ severity: 'blocker' }] });
  });
});
