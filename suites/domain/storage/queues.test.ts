import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './queues.ts';

const body = (vcpus = 8, machine = 'pc-q35-9.2'): string => `<vcpu>${vcpus}</vcpu><os><type machine='${machine}'>hvm</type></os>`;
const disk = (driver: string, target = "dev='vda' bus='virtio'"): string => `<disk><driver ${driver}/><target ${target}/></disk>`;
const scsi = (driver: string, model = 'virtio-scsi'): string => `<controller type='scsi' model='${model}'><driver ${driver}/></controller>`;

describe(rule.id, () => {
  it.each([
    [body(), disk('')],
    [body(), disk("queues='8'")],
    [body(), disk("queues='0'")],
    [body(), scsi("queues='8'")],
    [body(), scsi('')],
    [body(1, 'pc-q35-4.2'), disk('')],
    [body(8, 'pc-q35-5.2'), disk('')],
    [body(8, 'q35'), disk('')],
    [body(8, 'pc-q35-focal'), disk('')],
  ])('passes %s with %s', (given, devices) => {
    expect(judgeOneDomain(rule, { body: given, devices })).toMatchObject({ status: 'pass' });
  });

  it.each([
    [body(), disk("queues='4'"), 'disk vda has 4 queues for 8 vCPUs'],
    [body(), disk("queues='16'"), 'disk vda has 16 queues, more than the 8 vCPUs can use'],
    [body(), scsi("queues='4'"), 'the SCSI controller has 4 queues for 8 vCPUs'],
    [body(8, 'pc-q35-5.1'), disk(''), 'disk vda has one queue for 8 vCPUs, because of the old machine version'],
  ])('is minor with %s and %s', (given, devices, message) => {
    const outcome = judgeOneDomain(rule, { body: given, devices });
    expect(outcome).toMatchObject({ status: 'fail', message });
    expect(outcome).not.toHaveProperty('severity');
  });

  it.each([
    [disk("queues='2'", "dev='sda' bus='sata'"), 'disk sda has queues, which only virtio has'],
    [disk("queues='2'", "dev='sda' bus='scsi'"), 'disk sda has queues, which only virtio has'],
    [scsi("queues='2'", 'lsilogic'), 'the SCSI controller has queues, which only virtio has'],
    [disk("queues='all'"), "disk vda has 'all' queues"],
    [disk("queues='-1'"), "disk vda has '-1' queues"],
  ])('is a blocker, because libvirt refuses it: %s', (devices, message) => {
    expect(judgeOneDomain(rule, { body: body(), devices })).toMatchObject({ status: 'fail', severity: 'blocker', message });
  });

  it('says nothing where nothing is virtio', () => {
    expect(judgeOneDomain(rule, { body: body(), devices: disk('', "dev='sda' bus='sata'") })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: body(), devices: disk("queues='0'", "dev='sda' bus='sata'") })).toMatchObject({
      status: 'not-applicable',
    });
  });
});
