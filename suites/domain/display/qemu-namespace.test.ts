import { describe, expect, it } from 'vitest';

import { aDocument, judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './qemu-namespace.ts';

const URI = 'http://libvirt.org/schemas/domain/qemu/1.0';
const ARG = "<qemu:arg value='-foo'/>";

function judge(body: string, given: { uri?: string; devices?: string } = {}) {
  const { uri = URI, devices = '' } = given;
  return aDocument(`<domain type='kvm' xmlns:qemu='${uri}'>\n  <name>vm</name>\n  <devices>${devices}</devices>\n  ${body}\n</domain>`);
}

describe(rule.id, () => {
  it.each([
    ['the usual form', judge(`<qemu:commandline>${ARG}<qemu:env name='A'/></qemu:commandline>`)],
    ['overrides', judge('<qemu:override><qemu:device alias="hostdev0"/></qemu:override>')],
    [
      'another prefix',
      aDocument(`<domain type='kvm'><name>a</name><q:commandline xmlns:q='${URI}'><q:arg value='-x'/></q:commandline></domain>`),
    ],
    ['no prefix', aDocument(`<domain type='kvm'><name>a</name><commandline xmlns='${URI}'><arg value='-x'/></commandline></domain>`)],
  ])('passes %s', (_, document) => expect(judgeOneDomain(rule, document)).toMatchObject({ status: 'pass' }));

  it('fails on a wrong address of the namespace, and names it', () => {
    expect(
      judgeOneDomain(rule, judge(`<qemu:commandline>${ARG}</qemu:commandline>`, { uri: 'http://libvirt.org/schemas/domain/qemu' })),
    ).toMatchObject({
      status: 'fail',
      message: 'libvirt drops <commandline>: its namespace is http://libvirt.org/schemas/domain/qemu',
      evidence: [{ source: 'win11.xml:4', observed: '<qemu:commandline>' }],
    });
  });

  it.each([
    ['without a prefix', judge("<commandline><arg value='-foo'/></commandline>"), 'libvirt drops <commandline>: it has no namespace'],
    [
      'inside of <devices>',
      judge('', { devices: `<qemu:commandline>${ARG}</qemu:commandline>` }),
      'libvirt drops <commandline>: it is inside <devices>',
    ],
    [
      'with a misspelt name',
      judge(`<qemu:commandLine>${ARG}</qemu:commandLine>`),
      'libvirt drops <commandLine>: libvirt does not know <commandLine> there',
    ],
    [
      'an argument without the prefix',
      judge("<qemu:commandline><arg value='-foo'/></qemu:commandline>"),
      'libvirt drops <arg>: only arg and env of the same namespace count there',
    ],
    ['an argument without a value', judge('<qemu:commandline><qemu:arg/></qemu:commandline>'), 'libvirt refuses an argument without value'],
    [
      'a variable without a name',
      judge("<qemu:commandline><qemu:env value='a'/></qemu:commandline>"),
      'libvirt refuses an environment variable without name',
    ],
  ])('fails on %s', (_, document, message) => expect(judgeOneDomain(rule, document)).toMatchObject({ status: 'fail', message }));

  it('tells every place', () => {
    expect(judgeDomain(rule, judge('<qemu:args/><commandline/>', { devices: ARG }))).toHaveLength(3);
  });

  it('says nothing of a definition without arguments, nor of what metadata holds', () => {
    expect(judgeOneDomain(rule, judge(`<metadata><commandline/><x:y xmlns:x='${URI}'/></metadata>`))).toMatchObject({
      status: 'not-applicable',
    });
  });
});
