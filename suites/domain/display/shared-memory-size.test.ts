import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './shared-memory-size.ts';

const shmem = (size: string, name = 'other') => ({
  devices: `<shmem name='${name}'>\n      <model type='ivshmem-plain'/>\n      ${size}\n    </shmem>`,
});

describe(rule.id, () => {
  it.each([
    '',
    "<size unit='M'>32</size>",
    "<size unit='KiB'>1024</size>",
    '<size>33554432</size>',
    "<size unit='m'>1</size>",
    "<size unit='G'>1</size>",
    "<size unit='M'>0</size>",
  ])('passes "%s"', (size) => expect(judgeOneDomain(rule, shmem(size))).toMatchObject({ status: 'pass' }));

  it('names the place, and what was meant', () => {
    expect(judgeOneDomain(rule, shmem("<size unit='K'>12345</size>"))).toMatchObject({
      status: 'fail',
      message: 'the shared memory has 12345 K, which is no power of two',
      evidence: [{ source: 'win11.xml:11', observed: "<size unit='K'>12345</size>", expected: 'a power of two, at least 1 MiB' }],
    });
  });

  it.each([
    ["<size unit='M'>48</size>", 'other', "<size unit='M'>64</size>"],
    ["<size unit='MB'>32</size>", 'other', "<size unit='M'>32</size>"],
    ['<size>32</size>', 'looking-glass', "<size unit='M'>32</size>"],
    ["<size unit='K'>16</size>", 'other', "<size unit='M'>1</size>"],
    ["<size unit='M'>12</size>", 'looking-glass', "<size unit='M'>32</size>"],
    ["<size unit='M'>96</size>", 'looking-glass', "<size unit='M'>128</size>"],
  ])('mends %s of %s', (size, name, expected) => {
    const parts = shmem(size, name);
    expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'fail' });
    expect(fixed(rule, parts)).toContain(expected);
  });

  it.each([
    "<size unit='M'>-32</size>",
    "<size unit='M'>32.5</size>",
    '<size/>',
    `<size>${'9'.repeat(30)}</size>`,
    "<size unit='E'>3</size>",
  ])('fails on "%s" without guessing what is meant', (size) => {
    const outcome = judgeOneDomain(rule, shmem(size));
    expect(outcome).toMatchObject({ status: 'fail' });
    expect(outcome).not.toHaveProperty('edits');
  });

  it('says nothing of a definition without shared memory', () => {
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
  });
});
