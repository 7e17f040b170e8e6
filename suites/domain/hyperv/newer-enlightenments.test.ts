import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aCpu, aKernel, aLibvirt, aQemu } from '../../../test/facts.ts';
import { ABSENT } from '../../../src/host/reading.ts';
import rule from './newer-enlightenments.ts';

const parts = (inner: string, attributes = '') => ({ body: `<features><hyperv${attributes}>${inner}</hyperv></features>` });
const host = (libvirt: readonly [number, number] | null, qemu: readonly [number, number, number], release: string) => ({
  libvirt: aLibvirt({ version: libvirt }),
  qemu: aQemu(qemu),
  kernel: aKernel('', release),
  cpu: aCpu(),
});
const NEW = host([11, 3], [10, 0, 0], '6.12.0');
const ALL =
  "<avic state='on'/><emsr_bitmap state='on'/><xmm_input state='on'/><tlbflush state='on'><direct state='on'/><extended state='on'/></tlbflush>";

const message = (of: string) => `could not look: not known: the version of ${of}`;

describe(rule.id, () => {
  it.each([parts(ALL), parts('', " mode='passthrough'")])('passes with %j', (given) => {
    expect(judgeOneDomain(rule, given, NEW)).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['a new one', NEW, 'avic, emsr_bitmap, xmm_input, tlbflush direct, tlbflush extended'],
    ['libvirt 10.7', host([10, 7], [10, 0, 0], '6.12.0'), 'avic, emsr_bitmap, xmm_input'],
    ['libvirt 9', host([9, 0], [7, 2, 0], '6.1.0'), 'avic'],
    ['a kernel that offers less', host([11, 3], [10, 0, 0], '5.15.0'), 'avic, xmm_input'],
    ['no APICv', { ...host([10, 7], [10, 0, 0], '6.12.0'), cpu: aCpu({ kvmModule: ABSENT }) }, 'emsr_bitmap, xmm_input'],
  ])('names what this host has besides: %s', (_what, facts, names) => {
    expect(judgeOneDomain(rule, parts(''), facts)).toMatchObject({
      status: 'fail',
      message: `this host knows more enlightenments than are on: ${names}`,
    });
  });

  it('writes the parts of a flush into one', () => {
    const given = parts(ALL.replace("<direct state='on'/><extended state='on'/>", ''));
    expect(judgeOneDomain(rule, given, NEW)).toMatchObject({
      remedy: { steps: [{ line: "<tlbflush state='on'>\n  <direct state='on'/>\n  <extended state='on'/>\n</tlbflush>" }] },
    });
  });

  it('passes on a host that has none of them', () => {
    expect(judgeOneDomain(rule, parts(''), host([7, 0], [5, 2, 0], '5.10.0'))).toMatchObject({ status: 'pass' });
  });

  it('does not pass when a version is not known', () => {
    expect(judgeOneDomain(rule, parts(''), host(null, [10, 0, 0], '6.12.0'))).toMatchObject({
      status: 'unknown',
      message: message('libvirt'),
    });
    const without = { ...NEW, qemu: { system: ABSENT, others: [] } };
    expect(judgeOneDomain(rule, parts(''), without)).toMatchObject({ status: 'unknown', message: message('QEMU') });
    expect(judgeOneDomain(rule, parts(''), { ...without, libvirt: aLibvirt({ version: null }) })).toMatchObject({
      message: message('libvirt and of QEMU'),
    });
  });

  it('says nothing of a Linux guest', () => {
    expect(judgeOneDomain(rule, { os: null, name: 'ubuntu' }, NEW)).toMatchObject({ status: 'not-applicable' });
  });
});
