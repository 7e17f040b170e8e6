import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './cd-first.ts';

const os = (...classes: string[]): string => `<os>${classes.map((name) => `<boot dev='${name}'/>`).join('')}</os>`;
const boot = (order: number | null): string => (order === null ? '' : `<boot order='${order}'/>`);
const cd = (file: string, order: number | null = null): string =>
  `<disk device='cdrom'><source file='${file}'/><target dev='sda' bus='sata'/>${boot(order)}</disk>`;
const disk = (order: number | null = null): string => `<disk><source file='/x'/><target dev='vda'/>${boot(order)}</disk>`;

describe(rule.id, () => {
  it('passes when the disk boots first', () => {
    expect(judgeOneDomain(rule, { devices: cd('/iso/Win11.iso', 2) + disk(1) })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: os('hd', 'cdrom'), devices: cd('/iso/Win11.iso') + disk() })).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['by its own order', '', cd('/iso/Win11.iso', 1) + disk(2)],
    ['by the list of <os>', os('cdrom', 'hd'), cd('/iso/Win11.iso') + disk()],
    ['before a host device', '', `${cd('/iso/Win11.iso', 1)}<hostdev><boot order='2'/></hostdev>`],
  ])('fails when a drive with an image comes first %s', (_, body, devices) => {
    expect(judgeOneDomain(rule, { body, devices })).toMatchObject({
      status: 'fail',
      message: 'the CD-ROM drive sda boots first, with Win11.iso in it',
    });
  });

  it('passes an empty drive that comes first', () => {
    expect(judgeOneDomain(rule, { devices: cd('', 1) + cd('/iso/virtio-win.iso') + disk(2) })).toMatchObject({ status: 'pass' });
  });

  it('passes a guest that has nothing but the drive to boot from', () => {
    expect(judgeOneDomain(rule, { devices: cd('/iso/live.iso', 1) + disk() })).toMatchObject({ status: 'pass' });
  });

  it('says nothing without an image, or without an order', () => {
    expect(judgeOneDomain(rule, { body: os('cdrom', 'hd'), devices: cd('') + disk() })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { devices: cd('/iso/Win11.iso') + disk() })).toMatchObject({ status: 'not-applicable' });
  });
});
