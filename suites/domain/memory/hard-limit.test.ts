import { describe, expect, it } from 'vitest';

import { GPU, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './hard-limit.ts';

const limit = (mib: number): string =>
  `<memory unit='GiB'>8</memory>\n  <memtune>\n    <hard_limit unit='MiB'>${mib}</hard_limit>\n  </memtune>`;

describe(rule.id, () => {
  it('passes with 1 GiB more than the guest has, which is what libvirt sets', () => {
    expect(judgeOneDomain(rule, { body: limit(9216) })).toMatchObject({ status: 'pass' });
  });

  it('fails below that, as what can go wrong', () => {
    expect(judgeOneDomain(rule, { body: limit(9215) })).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: 'the limit is 9215 MiB, libvirt itself would allow 9216 MiB',
    });
    expect(judgeOneDomain(rule, { body: limit(8193) })).toMatchObject({ severity: 'major' });
  });

  it('fails as a blocker when the guest itself does not fit', () => {
    const outcome = judgeOneDomain(rule, { body: limit(8192) });
    expect(outcome).toMatchObject({
      status: 'fail',
      message: 'the limit is 8192 MiB, and the guest has 8192 MiB',
      evidence: [{ source: 'win11.xml:10', expected: 'at least 9216 MiB, or no limit' }],
    });
    expect(outcome).not.toHaveProperty('severity');
    expect(judgeOneDomain(rule, { body: limit(0) })).toMatchObject({ status: 'fail' });
  });

  it('is no blocker for a slice of a device, which pins only what it uses', () => {
    const devices = "<hostdev type='mdev' model='vfio-pci'><source><address uuid='x'/></source></hostdev>";
    expect(judgeOneDomain(rule, { body: limit(1), devices, gpu: false })).toMatchObject({ status: 'fail', severity: 'major' });
  });

  it('counts the memory for each device behind a virtual IOMMU', () => {
    const devices = `${GPU}<iommu model='intel'/>`;
    expect(judgeOneDomain(rule, { body: limit(9216), devices })).toMatchObject({ status: 'fail', severity: 'major' });
    expect(judgeOneDomain(rule, { body: limit(17_408), devices })).toMatchObject({ status: 'pass' });
  });

  it('passes without a limit', () => {
    expect(judgeOneDomain(rule, { body: '' })).toMatchObject({ status: 'pass', evidence: [{ observed: 'no <hard_limit>' }] });
  });

  it('does not apply without a passed device, nor to sizes that cannot be read', () => {
    expect(judgeOneDomain(rule, { body: limit(1), gpu: false })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: '<memtune><hard_limit>1</hard_limit></memtune>' })).toMatchObject({ status: 'not-applicable' });
  });
});
