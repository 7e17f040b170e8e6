import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './target.ts';

const Q35 = "<os><type machine='pc-q35-9.2'>hvm</type></os>";
const drive = (device: string, target: string, inside = "<source file='/a'/>"): string =>
  `<disk type='file' device='${device}'>${inside}<target ${target}/></disk>`;

describe(rule.id, () => {
  it.each([
    drive('disk', "dev='vda' bus='virtio'"),
    drive('cdrom', "dev='sda' bus='sata'", ''),
    drive('floppy', "dev='fda' bus='fdc'", ''),
    drive('disk', "dev='vda' bus='virtio'", "<source file='/a'/><readonly/>"),
    drive('lun', "dev='sda' bus='scsi'"),
    drive('disk', "dev='hda' bus='sata'"),
  ])('passes %s', (devices) => {
    expect(judgeOneDomain(rule, { body: Q35, devices })).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['IDE on q35', drive('cdrom', "dev='hda' bus='ide'"), 'drive hda is on an IDE bus, which the machine q35 does not have'],
    ['IDE by its name on q35', drive('cdrom', "dev='hda'"), 'drive hda is on an IDE bus, which the machine q35 does not have'],
    [
      'a CD-ROM drive on virtio',
      drive('cdrom', "dev='vdb' bus='virtio'"),
      'the CD-ROM drive vdb is on the bus virtio, which has no removable media',
    ],
    [
      'a read-only SATA disk',
      drive('disk', "dev='sda' bus='sata'", "<source file='/a'/><readonly/>"),
      'disk sda is read-only on the bus sata, which has no such disks',
    ],
    ['a LUN on SATA', drive('lun', "dev='sda' bus='sata'"), 'LUN sda is on the bus sata'],
    [
      'a LUN with a format',
      drive('lun', "dev='sda' bus='scsi'", "<driver type='qcow2'/><source file='/a'/>"),
      'LUN sda has a format, and is passed on as it is',
    ],
    ['a disk without a source', drive('disk', "dev='vda'", "<source file=''/>"), 'disk vda has no source'],
    ['no target', "<disk><source file='/a'/></disk>", 'a drive has no target'],
  ])('fails on %s', (_, devices, message) => {
    expect(judgeOneDomain(rule, { body: Q35, devices })).toMatchObject({ status: 'fail', message });
  });

  it('passes IDE on i440fx', () => {
    const body = "<os><type machine='pc-i440fx-9.2'>hvm</type></os>";
    expect(judgeOneDomain(rule, { body, devices: drive('disk', "dev='hda' bus='ide'") })).toMatchObject({ status: 'pass' });
  });

  it('fails when two drives have one name, whatever their bus', () => {
    const devices = drive('cdrom', "dev='sda' bus='sata'") + drive('disk', "dev='sda' bus='scsi'");
    expect(judgeOneDomain(rule, { body: Q35, devices })).toMatchObject({ status: 'fail', message: 'two drives are called sda' });
  });

  it('says nothing of a definition without drives', () => {
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
  });

  it('judges ten thousand drives in one pass', () => {
    const devices = Array.from({ length: 10_000 }, (_, index) => drive('disk', `dev='vd${index}'`)).join('');
    expect(judgeDomain(rule, { devices })).toMatchObject([{ status: 'pass' }]);
  });
});
