import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './bus.ts';

const disk = (target: string, more = ''): string => `<disk type='file'><source file='/a'/><target ${target}/>${more}</disk>`;

describe(rule.id, () => {
  it.each([
    disk("dev='vda' bus='virtio'"),
    disk("dev='vda'"),
    disk("dev='nvme0n1' bus='nvme'"),
    `<controller type='scsi' index='0' model='virtio-scsi'/>${disk("dev='sda' bus='scsi'")}`,
    `<controller type='scsi' index='1' model='virtio-transitional'/>${disk("dev='sda' bus='scsi'", "<address type='drive' controller='1'/>")}`,
  ])('passes %s', (devices) => {
    expect(judgeOneDomain(rule, { devices })).toMatchObject({ status: 'pass' });
  });

  it('fails when the disk that boots is on SATA', () => {
    const outcome = judgeOneDomain(rule, { devices: disk("dev='sda' bus='sata'") });
    expect(outcome).toMatchObject({
      status: 'fail',
      message: 'disk sda, which boots, is on an emulated SATA controller',
      evidence: [{ observed: "<target dev='sda' bus='sata'/>" }],
      remedy: { summary: expect.stringContaining('Load the driver first') },
    });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('is minor for a disk that does not boot', () => {
    const devices = disk("dev='vda' bus='virtio'", "<boot order='1'/>") + disk("dev='sdb' bus='sata'");
    expect(judgeDomain(rule, { devices })).toMatchObject([{ status: 'pass' }, { status: 'fail', severity: 'minor' }]);
  });

  it('is minor where a passed drive boots', () => {
    const devices = `<hostdev><boot order='1'/></hostdev>${disk("dev='sda' bus='sata'")}`;
    expect(judgeOneDomain(rule, { devices })).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: 'disk sda is on an emulated SATA controller',
    });
  });

  it.each([
    disk("dev='sda' bus='scsi'"),
    `<controller type='scsi' index='0' model='lsilogic'/>${disk("dev='sda' bus='scsi'")}`,
    `<controller type='scsi' index='1' model='virtio-scsi'/>${disk("dev='sda'")}`,
  ])('fails on an LSI controller: %s', (devices) => {
    expect(judgeOneDomain(rule, { devices })).toMatchObject({ status: 'fail', message: expect.stringContaining('(lsilogic)') });
  });

  it('tells a Linux guest no detour', () => {
    const document = aDocument(aDefinition({ devices: disk("dev='sda' bus='sata'") }), {
      guest: { os: 'linux', version: null, because: 'a test' },
    });
    expect(judgeOneDomain(rule, document)).toMatchObject({ remedy: { summary: expect.stringMatching(/^Change the target/) } });
  });

  it('says nothing of macOS, and of a definition without disks', () => {
    const guest = { os: 'macos', version: null, because: 'a test' } as const;
    expect(judgeOneDomain(rule, aDocument(aDefinition({ devices: disk("dev='sda' bus='sata'") }), { guest }))).toMatchObject({
      status: 'not-applicable',
    });
    expect(judgeOneDomain(rule, { devices: "<disk device='cdrom'><target dev='sda' bus='sata'/></disk>" })).toMatchObject({
      status: 'not-applicable',
    });
  });
});
