import { describe, expect, it } from 'vitest';

import { type DomainParts, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aLibvirt, known } from '../../../test/facts.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import rule from './hotplug.ts';

const CELL = "<cpu><numa><cell cpus='0' memory='8' unit='GiB'/></numa></cpu>";
const DIMM = "<memory model='dimm'><target><size unit='GiB'>2</size></target></memory>";
const max = (attributes: string, gib: string): string => `<maxMemory ${attributes} unit='GiB'>${gib}</maxMemory>`;

function judge(parts: DomainParts, version: readonly [number, number] | null = null): Outcome {
  const libvirt = version === null ? NO_HOST_FACT : known(aLibvirt({ version }));
  return judgeOneDomain(rule, parts, { libvirt });
}

describe(rule.id, () => {
  it('passes without any of it', () => {
    expect(judge({ body: "<memory unit='GiB'>8</memory>" })).toMatchObject({ status: 'pass' });
  });

  it('advises against it beside a passed device', () => {
    expect(judge({ body: `${max("slots='2'", '16')}${CELL}` })).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: 'there is room to plug memory in, and none is plugged',
      evidence: [{ source: 'win11.xml:8' }],
    });
    expect(judge({ body: `${max("slots='2'", '16')}${CELL}`, devices: DIMM })).toMatchObject({
      severity: 'minor',
      message: '1 memory device is pinned in full for the passed devices',
    });
  });

  it.each([
    ['a device without <maxMemory>', `<memory unit='GiB'>8</memory>${CELL}`, DIMM, 'a memory device without <maxMemory>'],
    ['less than the guest has', `${max("slots='1'", '4')}${CELL}`, '', '<maxMemory> is 4096 MiB, less than the 8192 MiB of the guest'],
    ['no cell', `<memory unit='GiB'>8</memory>${max("slots='1'", '16')}`, '', '<maxMemory> without a NUMA cell in the guest'],
    ['slots alone', `${max("slots='1'", '0')}${CELL}`, '', 'slots without a size in <maxMemory>'],
    ['too few slots', `${max("slots='1'", '16')}${CELL}`, `${DIMM}${DIMM}`, '2 memory modules for 1 slots'],
    ['no number of slots', `${max("slots='-1'", '16')}${CELL}`, '', 'slots is -1'],
  ])('fails with %s, which libvirt refuses', (_, body, devices, message) => {
    const outcome = judge({ body, devices });
    expect(outcome).toMatchObject({ status: 'fail', message });
    expect(outcome).not.toHaveProperty('severity');
    expect(judge({ body, devices, gpu: false })).toMatchObject({ status: 'fail' });
  });

  it('fails without slots before libvirt 9.5', () => {
    const parts = { body: `${max('', '16')}${CELL}` };
    expect(judge(parts, [9, 4])).toMatchObject({ status: 'fail', message: 'libvirt before 9.5 takes no <maxMemory> without slots' });
    expect(judge(parts, [9, 5])).toMatchObject({ severity: 'minor' });
    expect(judge(parts)).toMatchObject({ severity: 'minor' });
  });

  it('does not advise without a passed device, and leaves sizes that cannot be read', () => {
    expect(judge({ body: `${max("slots='2'", '16')}${CELL}`, gpu: false })).toMatchObject({ status: 'not-applicable' });
    expect(judge({ body: `${max("slots='2'", '-1')}${CELL}` })).toMatchObject({ status: 'not-applicable' });
  });
});
