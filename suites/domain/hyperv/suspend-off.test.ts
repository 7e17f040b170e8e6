import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './suspend-off.ts';

const pm = (inner: string) => ({ body: `<pm>${inner}</pm>` });

describe(rule.id, () => {
  it('passes when it is off', () => {
    expect(judgeOneDomain(rule, pm("<suspend-to-mem enabled='no'/>"))).toMatchObject({ status: 'pass' });
  });

  it('passes when QEMU is told directly', () => {
    const attributes = "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";
    const body = "<qemu:commandline><qemu:arg value='-global'/><qemu:arg value='ICH9-LPC.disable_s3=1'/></qemu:commandline>";
    expect(judgeOneDomain(rule, { attributes, body })).toMatchObject({ status: 'pass' });
  });

  it('fails when it is on', () => {
    const outcome = judgeOneDomain(rule, pm("<suspend-to-mem enabled='yes'/>"));
    expect(outcome).toMatchObject({ status: 'fail', message: 'the guest may sleep (S3)' });
    expect(outcome).not.toHaveProperty('severity');
  });

  it.each([{ body: '' }, pm("<suspend-to-disk enabled='no'/>"), pm('<suspend-to-mem/>')])('fails where QEMU decides: %j', (parts) => {
    expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'fail', severity: 'minor' });
  });

  it.each([{ body: '' }, pm(''), pm("<suspend-to-disk enabled='no'/>"), pm('<suspend-to-mem/>'), pm("<suspend-to-mem enabled='yes'/>")])(
    'turns it off: %j',
    (parts) => {
      expect(fixed(rule, parts)).toContain("<suspend-to-mem enabled='no'/>");
    },
  );

  it('says to write <pm>, too, where there is none', () => {
    expect(judgeOneDomain(rule, {})).toMatchObject({
      remedy: { steps: [{ text: 'inside <domain>', line: "<pm><suspend-to-mem enabled='no'/></pm>" }] },
    });
  });

  it.each([
    ['without a passed-through device', { gpu: false }],
    ['of Linux', { os: null, name: 'ubuntu' }],
  ])('says nothing of a guest %s', (_what, parts) => {
    expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'not-applicable' });
  });

  it('says that there is no <pm>, where the domain is what is underlined', () => {
    expect(judgeOneDomain(rule, {})).toMatchObject({ message: expect.stringMatching(/^there is no <pm>: /) });
    expect(judgeOneDomain(rule, { body: '<pm/>' })).toMatchObject({ message: expect.stringMatching(/^<pm> does not tell: /) });
  });
});
