import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { unsignedNumber, VCPU_LIMIT, vcpusOf } from './vcpus.ts';

const read = (body: string): ReturnType<typeof vcpusOf> => vcpusOf(aDocument(aDefinition({ body })));

describe('vcpusOf', () => {
  it('is one vCPU where nothing is written', () => {
    expect(read('')).toMatchObject({ element: undefined, max: 1, current: null, enabled: [0] });
  });

  it('enables the first ones of those that can be plugged in', () => {
    expect(read("<vcpu current='2'>4</vcpu>")).toMatchObject({ max: 4, current: 2, enabled: [0, 1] });
  });

  it('lets <vcpus> change single ones, as libvirt does', () => {
    const vcpus =
      "<vcpu current='2'>4</vcpu><vcpus><vcpu id='1' enabled='no'/><vcpu id='3' enabled='yes'/><vcpu id='9' enabled='yes'/></vcpus>";
    expect(read(vcpus).enabled).toEqual([0, 3]);
  });

  it.each(['', 'abc', '-2', '8 ', '0x8', '2.5'])('knows no number in "%s"', (text) => {
    expect(read(`<vcpu>${text}</vcpu>`)).toMatchObject({ max: Number.NaN, enabled: [] });
  });

  it('looks at no more vCPUs than there can be', () => {
    const { max, enabled } = read('<vcpu>4000000000</vcpu>');
    expect([max, enabled.length]).toEqual([4_000_000_000, VCPU_LIMIT]);
  });
});

describe('unsignedNumber', () => {
  it.each([
    ['8', 8],
    [' +8', 8],
    ['8 ', Number.NaN],
    ['-1', Number.NaN],
  ])('reads "%s" as libvirt does', (text, number) => expect(unsignedNumber(text)).toBe(number));

  it('gives a whole number or NaN for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const number = unsignedNumber(text);
        expect(Number.isNaN(number) || Number.isInteger(number)).toBe(true);
      }),
    );
  });
});
