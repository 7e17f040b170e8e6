import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './shared-memory.ts';

const FILES = "<filesystem type='mount'>\n      <driver type='virtiofs'/>\n    </filesystem>";
const backing = (xml: string): string => `<memoryBacking>\n    ${xml}\n  </memoryBacking>`;
const ACCESS = "<access mode='shared'/>";

describe(rule.id, () => {
  it('passes when the memory is shared', () => {
    expect(judgeOneDomain(rule, { body: backing(ACCESS), devices: FILES })).toMatchObject({ status: 'pass' });
    const cells = "<cpu><numa><cell memory='1' memAccess='shared'/></numa></cpu>";
    expect(judgeOneDomain(rule, { body: cells, devices: FILES, gpu: false })).toMatchObject({ status: 'pass' });
  });

  it('fails when it is private, and names the device', () => {
    expect(judgeOneDomain(rule, { devices: `${FILES}<interface type='vhostuser'/>` })).toMatchObject({
      status: 'fail',
      message: '<filesystem> (virtiofs) needs shared memory, and the memory of the guest is private',
      evidence: [{ source: 'win11.xml:9', observed: "<filesystem type='mount'>" }, { observed: "<interface type='vhostuser'/>" }],
    });
    expect(judgeOneDomain(rule, { devices: "<interface type='vhostuser'/>" })).toMatchObject({
      message: expect.stringContaining('<interface> (vhostuser)'),
    });
  });

  it('fails when one cell is private', () => {
    const body = `${backing(ACCESS)}<cpu><numa><cell memory='1'/><cell memory='1' memAccess='private'/></numa></cpu>`;
    const outcome = judgeOneDomain(rule, { body, devices: FILES });
    expect(outcome).toMatchObject({ status: 'fail' });
    expect(outcome).not.toHaveProperty('edits');
  });

  it.each([
    ['nothing', '', "<memoryBacking>\n    <source type='memfd'/>\n    <access mode='shared'/>\n  </memoryBacking>"],
    ['hugepages', backing('<hugepages/>'), "<hugepages/>\n    <access mode='shared'/>"],
    ['a memfd', backing("<source type='memfd'/>"), "<source type='memfd'/>\n    <access mode='shared'/>"],
    ['anonymous memory', backing('<source type="anonymous"/>'), '<source type="memfd"/>\n    <access mode=\'shared\'/>'],
    ['private memory', backing("<access mode='private'/>"), "<access mode='shared'/>\n    <source type='memfd'/>"],
  ])('shares the memory where there is %s', (_, body, expected) => {
    expect(fixed(rule, { body, devices: FILES })).toContain(expected);
  });

  it('writes nothing where somebody chose a file', () => {
    expect(judgeOneDomain(rule, { body: backing("<source type='file'/>"), devices: FILES })).not.toHaveProperty('edits');
  });

  it('does not apply without such a device', () => {
    expect(judgeOneDomain(rule, { devices: "<filesystem type='mount'/>" })).toMatchObject({ status: 'not-applicable' });
  });
});
