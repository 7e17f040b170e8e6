import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './vmport-off.ts';

describe(rule.id, () => {
  it('passes when it is off', () => {
    expect(judgeOneDomain(rule, { body: "<features><vmport state='off'/></features>" })).toMatchObject({ status: 'pass' });
  });

  it('passes when QEMU is told directly', () => {
    const attributes = "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";
    const body = "<qemu:commandline><qemu:arg value='-machine'/><qemu:arg value='vmport=off'/></qemu:commandline>";
    expect(judgeOneDomain(rule, { attributes, body })).toMatchObject({ status: 'pass' });
  });

  it.each(['', '<features>\n    <acpi/>\n  </features>', '<features/>'])('fails with %j, and turns it off', (body) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'fail' });
    expect(fixed(rule, { body })).toContain("<vmport state='off'/>");
  });

  it.each(["<vmport state='on'/>", '<vmport/>'])('leaves %s to the person who wrote it', (vmport) => {
    const outcome = judgeOneDomain(rule, { body: `<features>${vmport}</features>` });
    expect(outcome).toMatchObject({ status: 'fail', message: "VMware's port is on" });
    expect(outcome).not.toHaveProperty('edits');
  });

  it.each([
    ['of Linux', { os: null, name: 'ubuntu' }],
    ['in a machine without it', { body: "<os><type arch='x86_64' machine='microvm'>hvm</type></os>" }],
  ])('says nothing of a guest %s', (_what, parts) => {
    expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'not-applicable' });
  });
});
