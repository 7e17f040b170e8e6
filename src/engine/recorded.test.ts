import { describe, expect, it } from 'vitest';

import { aReport, aResult } from '../../test/report.ts';
import { aboutRecording, plannedFrom } from './recorded.ts';

function advice(observed: string, summary: string, status: 'error' | 'fail' = 'error'): string | undefined {
  return aboutRecording(aResult({ status, evidence: [{ source: '/dev/kvm', observed }], remedy: { summary } })).remedy?.summary;
}

describe('results about a recorded host', () => {
  it.each([
    ['host.tar.bz2 does not hold it', 'run passcheck as root', 'the recording does not hold it'],
    ['passcheck 0.1.0 did not record it', 'look at it by hand', 'the recording does not hold it'],
    ['the release of the kernel was not recorded', 'record it with `passcheck snapshot`', 'the recording does not hold it'],
    ['permission denied', 'run passcheck as root to see it', 'it was hidden from the user who recorded this host: record it again as root'],
    ['libvirt does not show its VMs', 'see libvirt/daemon, or run passcheck as root', 'record this host again as root, who may see it'],
    ['no answer within 5 s', 'try the command by hand', 'the recording shows no more than this: look at the host itself'],
  ])('do not advise what only helps on the host: %s, %s', (observed, summary, expected) => {
    expect(advice(observed, summary)).toBe(expected);
  });

  it('keep advice that helps anywhere, and the fixes of failures', () => {
    expect(advice('permission denied', 'name the GPU in passcheck.yaml')).toBe('name the GPU in passcheck.yaml');
    expect(advice('nouveau', 'run it as root', 'fail')).toBe('run it as root');
  });
});

describe('commands that plan pins', () => {
  it('plan for the recorded host, whatever the recording is called', () => {
    const steps = [{ run: 'passcheck pins --into win11.xml' }, { run: 'passcheck preflight' }, { text: 'passcheck pins plans' }];
    const report = aReport({ results: [aResult({ status: 'fail', remedy: { summary: 'Plan', steps } }), aResult()] });
    expect(plannedFrom(report, "host of $(me)'s.tar.gz").results.map(({ remedy }) => remedy?.steps)).toEqual([
      [{ run: String.raw`passcheck pins --from 'host of $(me)'\''s.tar.gz' --into win11.xml` }, ...steps.slice(1)],
      undefined,
    ]);
  });
});
