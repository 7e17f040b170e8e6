import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './discard.ts';

const disk = (driver: string, attributes = "type='file'", more = ''): string =>
  `<disk ${attributes}><driver name='qemu' ${driver}/><source file='/a.qcow2'/><target dev='vda'/>${more}</disk>`;

describe(rule.id, () => {
  it("passes discard='unmap', and 'ignore', which somebody wrote on purpose", () => {
    expect(judgeOneDomain(rule, { devices: disk("discard='unmap'") })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { devices: disk("discard='ignore'") })).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('on purpose'),
    });
  });

  it('fails when nothing is said', () => {
    expect(judgeOneDomain(rule, { devices: disk("type='qcow2'") })).toMatchObject({
      status: 'fail',
      message: 'disk vda never gives back what the guest deletes',
      evidence: [{ observed: "<driver name='qemu' type='qcow2'/>", expected: "discard='unmap'" }],
    });
  });

  it("fails when detect_zeroes='unmap' stands alone", () => {
    expect(judgeOneDomain(rule, { devices: disk("detect_zeroes='unmap'") })).toMatchObject({
      evidence: [{ observed: "detect_zeroes='unmap'" }],
    });
  });

  it.each(['on', 'off', ''])('is a blocker with the word %j, which libvirt refuses', (word) => {
    expect(judgeOneDomain(rule, { devices: disk(`discard='${word}'`) })).toMatchObject({ status: 'fail', severity: 'blocker' });
  });

  it('says nothing of media, of what is only read or thrown away, and of storage elsewhere', () => {
    const devices = [disk('', "device='cdrom'"), disk('', "type='nvme'"), disk('', '', '<readonly/>'), disk('', '', '<transient/>')].join(
      '',
    );
    expect(judgeOneDomain(rule, { devices })).toMatchObject({ status: 'not-applicable' });
  });

  it('says nothing of a guest that may never tell what it deletes', () => {
    expect(judgeOneDomain(rule, { os: null, devices: disk('') })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { os: null, devices: disk("discard='maybe'") })).toMatchObject({ severity: 'blocker' });
  });
});
