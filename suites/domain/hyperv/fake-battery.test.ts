import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './fake-battery.ts';

const withTable = (value: string, option = '-acpitable') => ({
  attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'",
  body: `<qemu:commandline><qemu:arg value='${option}'/><qemu:arg value='${value}'/></qemu:commandline>`,
});
const SSDT = withTable('file=/var/lib/libvirt/images/pool/SSDT1.dat');

describe(rule.id, () => {
  it.each([SSDT, withTable('file=fake_battery.aml'), withTable('sig=SSDT,file=/a/ssdt.aml'), withTable('file=bat.dat')])(
    'names the table: %j',
    (parts) => {
      expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'fail', evidence: [{ observed: expect.stringContaining('<qemu:arg') }] });
    },
  );

  it.each([{}, withTable('file=/a/slic.bin'), withTable('file=/a/combat2.aml'), withTable('file=/a/SSDT1.dat', '-foo')])(
    'passes without: %j',
    (parts) => {
      expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'pass' });
    },
  );

  it.each([
    ['without a passed-through device', { ...SSDT, gpu: false }],
    ['of macOS', { ...SSDT, os: null, name: 'macOS' }],
  ])('says nothing of a guest %s', (_what, parts) => {
    expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'not-applicable' });
  });
});
