import { describe, expect, it } from 'vitest';

import { aDocument, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './password.ts';

const QEMU = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";
const graphics = (attributes: string) => ({ devices: `<graphics ${attributes}/>` });
const argument = (value: string) =>
  aDocument(
    `<domain type='kvm' ${QEMU}>\n<name>vm</name>\n<qemu:commandline>\n<qemu:arg value='${value}'/>\n</qemu:commandline>\n</domain>`,
  );

describe(rule.id, () => {
  it.each(["type='vnc' port='5900'", "type='spice' passwd=''"])('passes <graphics %s/>', (attributes) => {
    expect(judgeOneDomain(rule, graphics(attributes))).toMatchObject({ status: 'pass' });
  });

  it.each([`type="vnc" passwd="hunter2"`, `type='spice' passwd = 'hunter2'`, `passwd='hunter2'`])(
    'fails with <graphics %s/>, and never prints it',
    (attributes) => {
      const outcome = judgeOneDomain(rule, graphics(attributes));
      expect(outcome).toMatchObject({ status: 'fail', location: { line: 9 } });
      expect(JSON.stringify(outcome)).not.toContain('hunter2');
    },
  );

  it.each([
    'password=hunter2',
    'port=5900,password=hunter2,disable-ticketing=off',
    'secret,id=sec0,data=hunter2',
    'secret,data=hunter2,id=sec0',
    '{"qom-type":"secret","id":"sec0","data":"hunter2"}',
    '{"password": "hunter2"}',
    '{&quot;qom-type&quot;:&quot;secret&quot;,&quot;data&quot;:&quot;hunter2&quot;}',
  ])('fails with the argument %s, and never prints it', (value) => {
    const outcome = judgeOneDomain(rule, argument(value));
    expect(outcome).toMatchObject({ status: 'fail', message: 'a password for QEMU is in the definition, for everyone to read' });
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  });

  it.each([
    ':0,password=on',
    ':0,password=off',
    'password-secret=sec0',
    'secret,id=sec0,file=/etc/key',
    'secret,id=s,keyid=k,data=cipher',
    '-spice',
    'bypass=1',
  ])('passes the argument %s', (value) => {
    expect(judgeOneDomain(rule, argument(value))).toMatchObject({ status: 'pass' });
  });

  it('is judged whatever the guest is', () => {
    expect(judgeOneDomain(rule, aDocument("<domain type='xen'><name>x</name></domain>"))).toMatchObject({ status: 'pass' });
  });
});
