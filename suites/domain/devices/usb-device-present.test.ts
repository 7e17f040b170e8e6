import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import type { UsbDevice } from '../../../src/facts/usb-devices.ts';
import { ok, unreadable } from '../../../src/host/reading.ts';
import rule from './usb-device-present.ts';

const given = (inside: string, policy = ''): string =>
  `<hostdev mode='subsystem' type='usb'><source ${policy}>${inside}</source></hostdev>`;
const RECEIVER = given("<vendor id='0x046d'/><product id='0xc539'/>");
const device = (name: string, product = 'c539', more: Partial<UsbDevice> = {}): UsbDevice => ({
  name,
  vendor: ok('046d'),
  product: ok(product),
  bus: 1,
  device: Number(name.slice(2)),
  title: 'USB Receiver',
  ...more,
});
const on = (...usbDevices: UsbDevice[]) => ({ usbDevices });

describe(rule.id, () => {
  it('passes a device that is plugged in', () => {
    expect(judgeOneDomain(rule, { devices: RECEIVER }, on(device('1-2'), device('1-3', 'c000')))).toMatchObject({
      status: 'pass',
      message: '046d:c539 (USB Receiver)',
    });
  });

  it('fails when it is not plugged in', () => {
    expect(judgeOneDomain(rule, { devices: RECEIVER }, on(device('1-3', 'c000')))).toMatchObject({
      status: 'fail',
      message: 'the USB device 046d:c539 is not plugged in',
      evidence: [{ source: 'win11.xml:9' }, { observed: '1 devices, none of them 046d:c539' }],
    });
  });

  it('passes when it may be missing', () => {
    const devices = given("<vendor id='0x046d'/><product id='0xc539'/>", "startupPolicy='optional'");
    expect(judgeOneDomain(rule, { devices }, on())).toMatchObject({ status: 'pass' });
  });

  it('fails when two devices could be meant, and passes when the address says which', () => {
    const two = on(device('1-2'), device('1-3'));
    expect(judgeOneDomain(rule, { devices: RECEIVER }, two)).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('2 USB devices are 046d:c539'),
    });
    const devices = given("<vendor id='0x046d'/><product id='0xc539'/><address bus='1' device='3'/>");
    expect(judgeOneDomain(rule, { devices }, two)).toMatchObject({ status: 'pass' });
  });

  it('fails on a number that no device has, and says that numbers change', () => {
    expect(judgeOneDomain(rule, { devices: given("<address bus='1' device='9'/>") }, on(device('1-2')))).toMatchObject({
      message: 'the USB device 1-9 is not plugged in',
      remedy: { summary: expect.stringContaining('<vendor>') },
    });
  });

  it('could not look where the ids of a device are hidden', () => {
    const hidden = device('1-2', '', { product: unreadable('not-recorded', 'not recorded') });
    expect(judgeOneDomain(rule, { devices: RECEIVER }, on(hidden))).toMatchObject({ status: 'unknown' });
  });

  it('says nothing where no device is named', () => {
    expect(judgeOneDomain(rule, {}, on())).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { devices: given("<vendor id='x'/>") }, on())).toMatchObject({ status: 'not-applicable' });
  });
});
