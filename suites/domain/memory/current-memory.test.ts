import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './current-memory.ts';

const sizes = (memory: string, current: string): string => `${memory}\n  ${current}`;
const EIGHT = "<memory unit='GiB'>8</memory>";

describe(rule.id, () => {
  it.each([
    ['the same in another unit', sizes(EIGHT, '<currentMemory>8388608</currentMemory>')],
    ['zero, which means all', sizes(EIGHT, '<currentMemory>0</currentMemory>')],
    ['more, which libvirt cuts', sizes(EIGHT, "<currentMemory unit='GiB'>16</currentMemory>")],
    ['what libvirt rounds up', sizes('<memory>8000000</memory>', '<currentMemory>8000000</currentMemory>')],
    ['nothing', EIGHT],
    ['an empty element', sizes(EIGHT, '<currentMemory/>')],
  ])('passes with %s', (_, body) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' });
  });

  it('fails with less, and names the line', () => {
    expect(judgeOneDomain(rule, { body: sizes(EIGHT, "<currentMemory unit='MiB'>2048</currentMemory>") })).toMatchObject({
      status: 'fail',
      message: 'the guest starts with 2048 MiB of its 8192 MiB',
      evidence: [{ source: 'win11.xml:9', expected: '8192 MiB' }],
    });
  });

  it('says that it has no effect without a balloon', () => {
    const parts = { body: sizes(EIGHT, '<currentMemory>1</currentMemory>'), devices: "<memballoon model='none'/>" };
    expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'fail', severity: 'info' });
  });

  it('writes what <memory> says, with its unit', () => {
    const text = fixed(rule, { body: sizes(EIGHT, "<currentMemory unit='MiB'>2048</currentMemory> <!-- all -->") });
    expect(text).toContain("<currentMemory unit='GiB'>8</currentMemory> <!-- all -->");
    expect(fixed(rule, { body: sizes('<memory>8388608</memory>', "<currentMemory unit='MiB'>1</currentMemory>") })).toContain(
      '<currentMemory>8388608</currentMemory>',
    );
    expect(fixed(rule, { body: sizes(EIGHT, '<currentMemory>1</currentMemory>') })).toContain(
      "<currentMemory unit='GiB'>8</currentMemory>",
    );
  });

  it('writes nothing where the cells are not what <memory> says', () => {
    const body = sizes(EIGHT, "<currentMemory>1</currentMemory><cpu><numa><cell memory='4' unit='GiB'/></numa></cpu>");
    expect(judgeOneDomain(rule, { body })).not.toHaveProperty('edits');
  });

  it('does not apply to virtio-mem, nor without a passed device', () => {
    const body = sizes(EIGHT, '<currentMemory>1</currentMemory>');
    const devices = "<memory model='virtio-mem'><target><size unit='GiB'>1</size></target></memory>";
    expect(judgeOneDomain(rule, { body, devices })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body, gpu: false })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: sizes(EIGHT, '<currentMemory>-1</currentMemory>') })).toMatchObject({ status: 'not-applicable' });
  });
});
