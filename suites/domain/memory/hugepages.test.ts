import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { someHugepages } from '../../../test/host-facts.ts';
import { known } from '../../../test/facts.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import rule from './hugepages.ts';

const NO_HOST = { hugepages: NO_HOST_FACT };
const backed = (xml: string): string => `<memory unit='GiB'>8</memory>\n  <memoryBacking>${xml}</memoryBacking>`;

function judge(body: string, transparent?: Reading<string>): Outcome {
  const hugepages = transparent === undefined ? NO_HOST_FACT : known({ ...someHugepages([]), transparent });
  return judgeOneDomain(rule, { body }, { hugepages });
}

function shared(source: string, mode: Reading<string>): Outcome {
  return judgeOneDomain(
    rule,
    { body: backed(`<source type='${source}'/><access mode='shared'/>`) },
    { hugepages: known({ ...someHugepages([]), transparent: ok('never'), transparentShared: mode }) },
  );
}

describe(rule.id, () => {
  it('passes with hugepages', () => {
    expect(judge(backed('<hugepages/>'))).toMatchObject({
      status: 'pass',
      evidence: [{ source: 'win11.xml:9', observed: '<hugepages/>' }],
    });
  });

  it('counts less where transparent hugepages stand in', () => {
    expect(judge(backed(''), ok('madvise'))).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: '8192 MiB of the guest are in ordinary pages; transparent hugepages (madvise) stand in, fewer as memory fragments',
      evidence: [{ source: 'win11.xml:9', expected: '<hugepages/>' }, { observed: 'madvise' }],
    });
    expect(judge(backed(''))).toMatchObject({ status: 'fail', severity: 'minor' });
    expect(judge(backed(''), unreadable('failed', 'no'))).toMatchObject({ status: 'fail', severity: 'minor' });
  });

  it.each([
    ['never', '', ok('never')],
    ['a kernel without them', '', ABSENT],
    ['shared memory, which they do not serve', "<source type='memfd'/><access mode='shared'/>", ok('always')],
    ['hugepages of 4 KiB, which are none', "<hugepages><page size='4'/></hugepages>", ok('never')],
  ])('fails in full with %s', (_, xml, transparent) => {
    const outcome = judge(backed(xml), transparent);
    expect(outcome).toMatchObject({ status: 'fail' });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('fails in full where a device needs shared memory', () => {
    const devices = "<filesystem type='mount'><driver type='virtiofs'/></filesystem>";
    expect(judgeOneDomain(rule, { body: backed(''), devices }, NO_HOST)).not.toHaveProperty('severity');
  });

  it('counts less where the host makes transparent hugepages of memfd memory, which has a switch of its own', () => {
    for (const mode of ['advise', 'within_size', 'always'])
      expect(shared('memfd', ok(mode))).toMatchObject({ severity: 'minor', evidence: [{}, { observed: mode }] });
    for (const mode of ['never', 'deny']) expect(shared('memfd', ok(mode))).not.toHaveProperty('severity');
    expect(shared('file', ok('always'))).not.toHaveProperty('severity');
    expect(shared('memfd', unreadable('failed', 'no'))).toMatchObject({ status: 'fail', severity: 'minor' });
  });

  it('shows hugepages that are shared where a device needs shared memory', () => {
    const devices = "<filesystem type='mount'><driver type='virtiofs'/></filesystem>";
    expect(judgeOneDomain(rule, { body: "<memory unit='GiB'>8</memory>", devices }, NO_HOST)).toMatchObject({
      remedy: { steps: [{ line: "<memoryBacking><hugepages/><access mode='shared'/></memoryBacking>" }] },
    });
  });

  it('does not apply below 8 GiB, nor without a passed device', () => {
    expect(judge("<memory unit='MiB'>8191</memory>")).toMatchObject({ status: 'not-applicable' });
    const parts = { body: "<memory unit='GiB'>8</memory>", gpu: false };
    expect(judgeOneDomain(rule, parts, NO_HOST)).toMatchObject({ status: 'not-applicable', message: 'no PCI device is passed through' });
  });

  it('does not apply when arguments for QEMU ask for hugepages', () => {
    const body = `${backed('')}<qemu:commandline><qemu:arg value='-mem-path'/><qemu:arg value='/dev/hugepages'/></qemu:commandline>`;
    const attributes = "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";
    expect(judgeOneDomain(rule, { body, attributes }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });

  it('leaves sizes that cannot be read to another rule', () => {
    expect(judge('<memory>-1</memory>')).toMatchObject({ status: 'not-applicable' });
  });
});
