import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './iothread.ts';

const ONE = '<iothreads>1</iothreads>';
const disk = (driver = '', target = "dev='vda' bus='virtio'"): string => `<disk><driver ${driver}/><target ${target}/></disk>`;

describe(rule.id, () => {
  it('passes when a disk or its controller uses a thread', () => {
    expect(judgeOneDomain(rule, { body: ONE, devices: disk("iothread='1'") + disk('', "dev='vdb'") })).toMatchObject({ status: 'pass' });
    const devices = "<controller type='scsi' model='virtio-scsi'><driver iothread='1'/></controller>";
    expect(judgeOneDomain(rule, { body: ONE, devices })).toMatchObject({ status: 'pass' });
  });

  it('fails when threads are defined and nothing uses one', () => {
    expect(judgeOneDomain(rule, { body: '<iothreads>2</iothreads>', devices: disk('', "dev='sda' bus='sata'") })).toMatchObject({
      status: 'fail',
      message: '2 I/O threads are defined, and no disk uses one',
      evidence: [{ observed: '<iothreads>2</iothreads>' }],
    });
    expect(judgeOneDomain(rule, { body: "<iothreadids><iothread id='4'/></iothreadids>" })).toMatchObject({ status: 'fail' });
  });

  it('fails when a virtio disk has none', () => {
    expect(judgeOneDomain(rule, { devices: disk() })).toMatchObject({ status: 'fail', message: 'no disk has an I/O thread of its own' });
    expect(judgeOneDomain(rule, { devices: "<controller type='scsi' model='virtio-scsi'/>" })).toMatchObject({ status: 'fail' });
  });

  it('names the thread where libvirt takes it: at a disk on virtio, or at the controller of virtio-scsi', () => {
    const devices = "<controller type='scsi' model='virtio-scsi'/>" + disk('', "dev='sda' bus='scsi'");
    expect(judgeOneDomain(rule, { devices })).toMatchObject({
      remedy: {
        steps: [
          { text: 'inside <domain>', line: '<iothreads>1</iothreads>' },
          { text: expect.stringMatching(/^inside <controller type='scsi' model='virtio-scsi'>/), line: "<driver iothread='1'/>" },
        ],
      },
    });
    expect(judgeOneDomain(rule, { devices: disk("name='qemu'") })).toMatchObject({
      remedy: {
        steps: [{ line: '<iothreads>1</iothreads>' }, { text: expect.stringMatching(/^in the tag <driver>/), line: "iothread='1'" }],
      },
    });
  });

  it('says nothing where no disk can have one, and without a passed device', () => {
    expect(judgeOneDomain(rule, { devices: disk('', "dev='sda' bus='sata'") })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: '<iothreads>0</iothreads>' })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { devices: disk(), gpu: false })).toMatchObject({ status: 'not-applicable' });
  });
});
