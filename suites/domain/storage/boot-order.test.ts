import { describe, expect, it } from 'vitest';

import { fixed, judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './boot-order.ts';

const os = (...classes: string[]): string =>
  `<os>\n    <type>hvm</type>\n    ${classes.map((name) => `<boot dev='${name}'/>`).join('\n    ')}\n  </os>`;
const disk = (order: string, device = 'disk'): string => `<disk device='${device}'>\n      <boot order='${order}'/>\n    </disk>`;

describe(rule.id, () => {
  it('passes one list, or one order for each device', () => {
    expect(judgeOneDomain(rule, { body: os('cdrom', 'hd') })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: os(), devices: disk('1') + disk('2', 'cdrom') })).toMatchObject({ status: 'pass' });
  });

  it('fails when both are there, and names both places', () => {
    expect(judgeOneDomain(rule, { body: os('hd'), devices: disk('1') })).toMatchObject({
      status: 'fail',
      message: "<os> has <boot dev='…'/>, and devices have <boot order='…'/> too",
      evidence: [
        { source: 'win11.xml:10', observed: "<boot dev='hd'/>" },
        { source: 'win11.xml:14', observed: "<boot order='1'/>" },
      ],
    });
  });

  it('counts the order of a host device', () => {
    const devices = "<hostdev mode='subsystem' type='usb'><boot order='1'/></hostdev>";
    expect(judgeOneDomain(rule, { body: os('hd'), devices })).toMatchObject({ status: 'fail' });
  });

  it('removes the list when the orders of the devices say the same', () => {
    const text = fixed(rule, { body: os('hd'), devices: disk('2', 'cdrom') + disk('1') });
    expect(text).not.toContain('boot dev');
    expect(text).toContain("<boot order='1'/>");
    expect(fixed(rule, { body: os('cdrom', 'hd'), devices: disk('1', 'cdrom') + disk('2') })).not.toContain('boot dev');
  });

  it.each([
    ['another device comes first', os('cdrom'), disk('1')],
    ['they say another sequence', os('cdrom', 'hd'), disk('2', 'cdrom') + disk('1')],
    ['they leave one out', os('hd', 'network'), disk('1')],
    ['a host device comes first, which may be a drive', os('hd'), "<hostdev><boot order='1'/></hostdev>" + disk('2')],
  ])('leaves the choice to a person when %s', (_, body, devices) => {
    expect(judgeOneDomain(rule, { body, devices })).not.toHaveProperty('edits');
  });

  it('fails when two devices have one order, however it is written', () => {
    const devices = disk('1') + "<interface type='user'><boot order='01'/></interface>";
    expect(judgeOneDomain(rule, { devices })).toMatchObject({ status: 'fail', message: 'two devices have the boot order 1' });
  });

  it.each(['0', '-1', 'first', ''])('fails on the order %j', (order) => {
    expect(judgeOneDomain(rule, { devices: disk(order) })).toMatchObject({
      status: 'fail',
      message: `a boot device has the order '${order}'`,
    });
  });

  it('says nothing of a definition without a boot order', () => {
    expect(judgeOneDomain(rule, { body: os() })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: "<os><bootmenu enable='yes'/></os>" })).toMatchObject({ status: 'not-applicable' });
  });

  it('judges ten thousand disks in one pass', () => {
    const devices = Array.from({ length: 10_000 }, (_, index) => disk(String(index + 1))).join('');
    expect(judgeDomain(rule, { devices })).toMatchObject([{ status: 'pass' }]);
  });
});
