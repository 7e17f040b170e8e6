import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './iothread-exists.ts';

const TWO = '<iothreads>2</iothreads>';
const disk = (thread: string, target = "dev='vda' bus='virtio'"): string =>
  `<disk><driver name='qemu' iothread='${thread}'/><target ${target}/></disk>`;

describe(rule.id, () => {
  it.each([
    [TWO, disk('2')],
    [TWO, disk('01')],
    ["<iothreadids><iothread id='7'/></iothreadids>", disk('7')],
    [TWO, "<controller type='scsi' model='virtio-scsi'><driver iothread='1'/></controller>"],
    [TWO, "<disk><driver><iothreads><iothread id='1'/><iothread id='2'/></iothreads></driver><target dev='vda'/></disk>"],
  ])('passes %s with %s', (body, devices) => {
    expect(judgeOneDomain(rule, { body, devices })).toMatchObject({ status: 'pass' });
  });

  it.each([
    [TWO, disk('3'), 'disk vda asks for the I/O thread 3, and there are 2, without that number'],
    ['', disk('1'), 'disk vda asks for the I/O thread 1, and none is defined'],
    ["<iothreadids><iothread id='7'/></iothreadids>", disk('1'), 'disk vda asks for the I/O thread 1, and there is 1, without that number'],
    [TWO, disk('0'), "disk vda asks for the I/O thread '0', which is no number"],
    [TWO, disk('-1'), "disk vda asks for the I/O thread '-1', which is no number"],
    [TWO, disk('1', "dev='sda' bus='sata'"), 'disk sda asks for an I/O thread, and is on the bus sata, which has no I/O threads'],
    [TWO, disk('1', "dev='sda'"), 'disk sda asks for an I/O thread, and is on the bus scsi, which has no I/O threads'],
    [
      TWO,
      "<controller type='scsi'><driver iothread='1'/></controller>",
      'a SCSI controller asks for an I/O thread, and is of the model lsilogic, which has no I/O threads',
    ],
    [
      TWO,
      "<controller type='scsi' model='virtio-scsi'><driver iothread='3'/></controller>",
      'a SCSI controller asks for the I/O thread 3, and there are 2, without that number',
    ],
  ])('fails with %s and %s', (body, devices, message) => {
    expect(judgeOneDomain(rule, { body, devices })).toMatchObject({ status: 'fail', message });
  });

  it('names the controller, which can have what its disks cannot', () => {
    expect(judgeOneDomain(rule, { body: TWO, devices: disk('1', "dev='sda' bus='scsi'") })).toMatchObject({
      remedy: { summary: expect.stringContaining("<controller type='scsi' model='virtio-scsi'>") },
    });
  });

  it('says nothing where nothing asks for a thread', () => {
    expect(judgeOneDomain(rule, { body: TWO, devices: "<disk><target dev='vda'/></disk>" })).toMatchObject({ status: 'not-applicable' });
  });

  it('judges ten thousand disks against as many threads', () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => index + 1);
    const body = `<iothreadids>${ids.map((id) => `<iothread id='${id}'/>`).join('')}</iothreadids>`;
    const outcomes = judgeDomain(rule, { body, devices: ids.map((id) => disk(String(id + 1), `dev='vd${id}'`)).join('') });
    expect(outcomes.filter(({ status }) => status === 'fail')).toHaveLength(1);
  });
});
