import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './hotplug.ts';

const CELL = "<cpu><numa><cell cpus='0' memory='8' unit='GiB'/></numa></cpu>";
const DIMM = "<memory model='dimm'><target><size unit='GiB'>2</size></target></memory>";
const max = (attributes: string, gib: string): string => `<maxMemory ${attributes} unit='GiB'>${gib}</maxMemory>`;

describe(rule.id, () => {
  it('passes without any of it', () => {
    expect(judgeOneDomain(rule, { body: "<memory unit='GiB'>8</memory>" })).toMatchObject({ status: 'pass' });
  });

  it('advises against it beside a passed device', () => {
    expect(judgeOneDomain(rule, { body: `${max("slots='2'", '16')}${CELL}` })).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: 'there is room to plug memory in, and none is plugged',
      evidence: [{ source: 'win11.xml:8' }],
    });
    expect(judgeOneDomain(rule, { body: `${max("slots='2'", '16')}${CELL}`, devices: DIMM })).toMatchObject({
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
    const outcome = judgeOneDomain(rule, { body, devices });
    expect(outcome).toMatchObject({ status: 'fail', message });
    expect(outcome).not.toHaveProperty('severity');
    expect(judgeOneDomain(rule, { body, devices, gpu: false })).toMatchObject({ status: 'fail' });
  });

  it('does not advise without a passed device, and leaves sizes that cannot be read', () => {
    expect(judgeOneDomain(rule, { body: `${max("slots='2'", '16')}${CELL}`, gpu: false })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: `${max("slots='2'", '-1')}${CELL}` })).toMatchObject({ status: 'not-applicable' });
  });
});
