import { describe, expect, it } from 'vitest';

import { judgeDomain } from '../../../test/domain-rule.ts';
import rule from './usb-device-once.ts';

const device = (...source: readonly string[]): string =>
  `<hostdev mode='subsystem' type='usb'>\n<source>${source.join('')}</source></hostdev>\n`;
const MOUSE = "<vendor id='0x046d'/><product id='0xc539'/>";
const AT_1_2 = "<address bus='1' device='2'/>";
const judge = (...devices: readonly string[]) => judgeDomain(rule, { devices: devices.join('') });

describe(rule.id, () => {
  it('passes when each is another device', () => {
    const keyboard = device("<vendor id='0x04d9'/><product id='0x4545'/>");
    expect(judge(device(MOUSE), keyboard, device(AT_1_2), device("<address bus='1' device='3'/>"))).toHaveLength(4);
    expect(judge(device(MOUSE), keyboard)).toMatchObject([{ status: 'pass' }, { status: 'pass' }]);
  });

  it.each([
    ['046d:c539', device(MOUSE), device("<vendor id='1133'/><product id='0xC539'/>")],
    ['at bus 1, device 2', device(AT_1_2), device("<address bus='0x1' device='2'/>")],
  ])('fails for %s twice, however it is written', (name, ...devices) => {
    expect(judge(...devices)).toMatchObject([
      { status: 'pass' },
      {
        status: 'fail',
        message: `the USB device ${name} is given twice`,
        evidence: [{ source: 'win11.xml:12' }, { source: 'win11.xml:10' }],
      },
    ]);
  });

  it('takes two of a kind that are told apart by their places', () => {
    const second = device(MOUSE, "<address bus='1' device='3'/>");
    expect(judge(device(MOUSE, AT_1_2), second)).toMatchObject([{ status: 'pass' }, { status: 'pass' }]);
  });

  it('says nothing of devices without a name, and without any', () => {
    expect(judge(device(), device())).toMatchObject([{ status: 'not-applicable' }]);
    expect(judge()).toMatchObject([{ status: 'not-applicable' }]);
  });
});
