import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './values.ts';

const parts = (inner: string, attributes = '') => ({ body: `<features><hyperv${attributes}>${inner}</hyperv></features>` });

// What libvirt 9.0 says to each of them.
describe(rule.id, () => {
  it.each([
    "<relaxed state='on'/><vapic state='off'/>",
    "<spinlocks state='on' retries='4095'/>",
    "<spinlocks state='on' retries='0x1fff'/>",
    "<spinlocks state='off' retries='1'/>",
    "<vendor_id state='on' value='123456789012'/>",
    "<vendor_id state='on' value='äöüäöü'/>",
    "<vendor_id state='on' value=''/>",
    "<vendor_id state='off' value='1234567890123'/>",
    "<stimer state='off'><direct/></stimer>",
    // Whether it is known at all is another rule's.
    '<BBB/>',
    '',
  ])('passes with %j', (inner) => {
    expect(judgeOneDomain(rule, parts(inner))).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['<relaxed/>', '<relaxed> does not say whether it is on'],
    ["<relaxed state='yes'/>", "state='yes' of relaxed is neither on nor off"],
    ["<spinlocks state='on'/>", '<spinlocks> does not say how many retries'],
    ["<spinlocks state='on' retries='4094'/>", '4094 retries are fewer than 4095, the fewest that libvirt accepts'],
    ["<spinlocks state='on' retries='-1'/>", "retries='-1' is no number that libvirt reads"],
    ["<spinlocks state='on' retries='4294967296'/>", "retries='4294967296' is no number that libvirt reads"],
    ["<vendor_id state='on'/>", '<vendor_id> has no value'],
    ["<vendor_id state='on' value='1234567890123'/>", 'the vendor_id has 13 bytes, libvirt accepts 12'],
    ["<vendor_id state='on' value='äöüäöüä'/>", 'the vendor_id has 14 bytes, libvirt accepts 12'],
    ["<vendor_id state='on' value='a,b'/>", 'the vendor_id has a comma in it'],
    ["<stimer state='on'><direct/></stimer>", '<direct> does not say whether it is on'],
    ["<tlbflush state='on'><extended state='1'/></tlbflush>", "state='1' of extended is neither on nor off"],
  ])('fails with %s', (inner, message) => {
    const outcome = judgeOneDomain(rule, parts(inner));
    expect(outcome).toMatchObject({ status: 'fail', message });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('is less sure of retries that only libvirt itself cannot read again', () => {
    expect(judgeOneDomain(rule, parts("<spinlocks state='on' retries='0xffffffff'/>"))).toMatchObject({
      status: 'fail',
      severity: 'major',
    });
  });

  it('looks at nothing inside where the host chooses, and knows the modes', () => {
    expect(judgeOneDomain(rule, parts('<relaxed/>', " mode='passthrough'"))).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, parts('', " mode='all'"))).toMatchObject({ message: "libvirt knows no mode 'all' of <hyperv>" });
  });

  it('says nothing without <hyperv>', () => {
    expect(judgeOneDomain(rule, { body: '' })).toMatchObject({ status: 'not-applicable' });
  });

  it('judges any value', () => {
    const value = fc.string({ unit: 'grapheme-ascii' }).map((text) => text.replaceAll(/[<&']/g, ''));
    fc.assert(
      fc.property(value, value, (state, number) => {
        const inner = `<spinlocks state='${state}' retries='${number}'/><vendor_id state='on' value='${number}'/>`;
        return judgeDomain(rule, parts(inner)).length > 0;
      }),
    );
  });
});
