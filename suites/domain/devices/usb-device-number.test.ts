import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './usb-device-number.ts';

const device = (source: string): string => `<hostdev mode='subsystem' type='usb'><source>${source}</source></hostdev>`;
const NAMED = "<vendor id='0x046d'/><product id='0xc52b'/>";
const NUMBER = "<address bus='1' device='5'/>";

describe(rule.id, () => {
  it('passes by vendor and product, also where a number tells two of them apart', () => {
    expect(judgeOneDomain(rule, { devices: device(NAMED) })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { devices: device(NAMED + NUMBER) })).toMatchObject({ status: 'pass' });
  });

  it('fails by a number alone, and says how to find the names', () => {
    expect(judgeOneDomain(rule, { devices: device(NUMBER) })).toMatchObject({
      status: 'fail',
      message: 'the USB device is named by its number (device 5 of bus 1), which is another one after the next plug',
      remedy: { steps: [{ run: 'lsusb -s 1:5' }] },
    });
  });

  it('says nothing of what nobody can read, and without a USB device', () => {
    expect(judgeOneDomain(rule, { devices: device("<address bus='x'/>") })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
  });
});
