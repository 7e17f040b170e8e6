import { describe, expect, it } from 'vitest';

import { aProcessor } from '../../../test/cpu-facts.ts';
import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './topoext.ts';

const AMD = { cpu: aProcessor(['svm', 'topoext'], { modelName: 'AMD Ryzen 9 5950X 16-Core Processor' }) };
const cpu = (inside: string, threads = 2, mode = 'host-passthrough'): { body: string } => ({
  body: `<vcpu>8</vcpu>
  <cpu mode='${mode}' check='none'>
    <topology sockets='1' dies='1' cores='${8 / threads}' threads='${threads}'/>${inside}
  </cpu>`,
});

describe(rule.id, () => {
  it.each(["<feature policy='require' name='topoext'/>", "<feature name='topoext'/>", "<feature policy='optional' name='topoext'/>"])(
    'passes with %s',
    (feature) => {
      expect(judgeOneDomain(rule, cpu(feature), AMD)).toMatchObject({ status: 'pass', evidence: [{ observed: feature }] });
    },
  );

  it('fails without it, and adds it behind the other features', () => {
    expect(judgeOneDomain(rule, cpu(''), AMD)).toMatchObject({
      status: 'fail',
      message: 'the topology has 2 threads on each core, but topoext is not switched on',
      evidence: [{ source: 'win11.xml:9' }, { source: '/proc/cpuinfo', observed: 'AMD Ryzen 9 5950X 16-Core Processor' }],
    });
    const text = fixed(
      rule,
      cpu("\n    <cache mode='passthrough'/>\n    <numa><cell id='0' cpus='0-7' memory='8' unit='GiB'/></numa>"),
      AMD,
    );
    expect(text).toContain("<cache mode='passthrough'/>\n    <feature policy='require' name='topoext'/>\n    <numa>");
  });

  it('leaves alone what somebody switched off', () => {
    const outcome = judgeOneDomain(rule, cpu("<feature policy='disable' name='topoext'/>"), AMD);
    expect(outcome).toMatchObject({ status: 'fail', message: expect.stringContaining('topoext is switched off') });
    expect(outcome).not.toHaveProperty('edits');
  });

  it('says that it does nothing on Intel, and more where libvirt is to check it', () => {
    const intel = { cpu: aProcessor(['vmx']) };
    const parts = cpu("<feature policy='require' name='topoext'/>");
    expect(judgeOneDomain(rule, parts, intel)).toMatchObject({
      status: 'fail',
      severity: 'info',
      message: expect.stringContaining('leaves it out'),
    });
    const checked = { body: parts.body?.replace("check='none'", "check='full'") ?? '' };
    expect(judgeOneDomain(rule, checked, intel)).toMatchObject({ status: 'fail', severity: 'blocker' });
    expect(judgeOneDomain(rule, cpu("<feature policy='optional' name='topoext'/>"), intel)).toMatchObject({ status: 'not-applicable' });
  });

  it('is not applicable on Intel, with one thread, and to models', () => {
    const outcomes = [
      judgeOneDomain(rule, cpu(''), { cpu: aProcessor(['vmx']) }),
      judgeOneDomain(rule, cpu('', 1), AMD),
      judgeOneDomain(rule, cpu('', 2, 'host-model'), AMD),
      judgeOneDomain(rule, { body: '<vcpu>8</vcpu>' }, AMD),
      judgeOneDomain(rule, { ...cpu(''), gpu: false }, AMD),
    ];
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'not-applicable'));
  });
});
