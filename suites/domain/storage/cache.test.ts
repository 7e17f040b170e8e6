import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './cache.ts';

const disk = (driver: string, attributes = "type='file'"): string =>
  `<disk ${attributes}><driver name='qemu' ${driver}/><source file='/a.qcow2'/><target dev='vda'/></disk>`;

describe(rule.id, () => {
  it.each(['none', 'writeback'])("passes cache='%s'", (cache) => {
    expect(judgeOneDomain(rule, { devices: disk(`cache='${cache}'`) })).toMatchObject({ status: 'pass' });
  });

  it.each(['', "cache='default'"])('is minor without a cache mode (%s)', (driver) => {
    expect(judgeOneDomain(rule, { devices: disk(driver) })).toMatchObject({ status: 'fail', severity: 'minor' });
  });

  it('names the disk itself where there is no driver', () => {
    const devices = "<disk type='block'><source dev='/dev/sdc'/><target dev='vda'/></disk>";
    expect(judgeOneDomain(rule, { devices })).toMatchObject({ evidence: [{ observed: "<disk type='block'>" }], severity: 'minor' });
  });

  it.each(['writethrough', 'directsync'])("is major with cache='%s'", (cache) => {
    const outcome = judgeOneDomain(rule, { devices: disk(`cache='${cache}'`) });
    expect(outcome).toMatchObject({ status: 'fail', evidence: [{ observed: `cache='${cache}'` }] });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('is a blocker with a word that libvirt does not know', () => {
    expect(judgeOneDomain(rule, { devices: disk("cache='off'") })).toMatchObject({ status: 'fail', severity: 'blocker' });
  });

  it('says nothing of drives for media, of what is only read, and of storage without the host’s cache', () => {
    const devices = [
      disk('', "device='cdrom'"),
      disk('', "type='nvme'"),
      disk('', "type='network'"),
      disk("cache='unsafe'"),
      disk("io='native'"),
      "<disk><driver/><source file='/a'/><readonly/></disk>",
    ].join('');
    expect(judgeOneDomain(rule, { devices })).toMatchObject({ status: 'not-applicable' });
  });

  it('speaks of no file system where a block device is the disk', () => {
    const block = "<disk type='block'><source dev='/dev/sdc'/><target dev='vda'/></disk>";
    expect(judgeOneDomain(rule, { devices: block })).toMatchObject({ remedy: { summary: "Write cache='none' for disk vda" } });
    expect(judgeOneDomain(rule, { devices: disk('') })).toMatchObject({ remedy: { summary: expect.stringContaining('file system') } });
  });
});
