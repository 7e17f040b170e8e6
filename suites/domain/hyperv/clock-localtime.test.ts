import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './clock-localtime.ts';

describe(rule.id, () => {
  it.each(["offset='localtime'", "offset='timezone' timezone='Europe/Berlin'", "offset='variable' basis='localtime' adjustment='0'"])(
    'passes with %s',
    (attributes) => {
      expect(judgeOneDomain(rule, { body: `<clock ${attributes}/>` })).toMatchObject({ status: 'pass' });
    },
  );

  it.each([
    ["<clock offset='utc'/>", "the hardware clock shows UTC: offset='utc'"],
    ["<clock offset='variable' adjustment='3600'/>", "the hardware clock shows UTC: offset='variable'"],
    ['<clock/>', 'nothing says what the hardware clock shows, and libvirt sets it to UTC'],
    ['', 'nothing says what the hardware clock shows, and libvirt sets it to UTC'],
  ])('fails with %j, and leaves it to a person', (body, message) => {
    const outcome = judgeOneDomain(rule, { body });
    expect(outcome).toMatchObject({ status: 'fail', message, remedy: { summary: expect.stringContaining('RealTimeIsUniversal') } });
    expect(outcome).not.toHaveProperty('edits');
  });

  it.each([
    ['of Linux', { body: "<clock offset='utc'/>", os: null, name: 'debian' }],
    ['whose clock starts at a chosen time', { body: "<clock offset='absolute' start='1234567890'/>" }],
    [
      'whose clock QEMU is told directly',
      {
        attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'",
        body: "<qemu:commandline><qemu:arg value='-rtc'/><qemu:arg value='base=localtime'/></qemu:commandline>",
      },
    ],
  ])('says nothing of a guest %s', (_what, parts) => {
    expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'not-applicable' });
  });
});
