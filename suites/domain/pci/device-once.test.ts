import { describe, expect, it } from 'vitest';

import { judgeDomain } from '../../../test/domain-rule.ts';
import { aHostdev } from '../../../test/host-device.ts';
import rule from './device-once.ts';

const judge = (devices: string, body = '') =>
  judgeDomain(rule, { attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'", gpu: false, devices, body });
const byQemu = (value: string) => `<qemu:commandline><qemu:arg value='-device'/><qemu:arg value='${value}'/></qemu:commandline>`;

describe(rule.id, () => {
  it('passes when each device is given once', () => {
    expect(judge(aHostdev() + aHostdev({ source: '01:00.1' }))).toMatchObject([{ status: 'pass' }, { status: 'pass' }]);
  });

  it('fails on a device that is given twice, however it is written', () => {
    const again = "<interface type='hostdev'><source><address type='pci' domain='0' bus='1' slot='0' function='0'/></source></interface>";
    expect(judge(aHostdev() + again)).toMatchObject([
      { status: 'pass' },
      {
        status: 'fail',
        message: '0000:01:00.0 is given twice, by <hostdev> and by <interface>',
        evidence: [{}, { source: expect.stringContaining('win11.xml:') }],
      },
    ]);
  });

  it('fails on a device that arguments for QEMU give again', () => {
    expect(judge(aHostdev(), byQemu('vfio-pci,host=01:00.0'))).toMatchObject([
      {},
      { status: 'fail', message: '0000:01:00.0 is given twice, by <hostdev> and by <qemu:arg>' },
    ]);
    expect(judge(aHostdev(), byQemu('{"driver":"vfio-pci","host":"0000:02:00.0"}'))).toMatchObject([{}, { status: 'pass' }]);
  });

  it('fails on a slice that is given twice', () => {
    const slice = "<hostdev type='mdev' model='vfio-pci'><source><address uuid='f321853c-c584-4a6b-b99a-3eee22a3919c'/></source></hostdev>";
    expect(judge(slice + slice)).toMatchObject([{ status: 'pass' }, { status: 'fail' }]);
  });

  it('leaves name spaces of one NVMe drive alone', () => {
    const disk = "<disk type='nvme'><source type='pci' namespace='1'><address bus='3' slot='0'/></source></disk>";
    expect(judge(disk + disk)).toMatchObject([{ status: 'pass' }]);
    expect(judge(disk + aHostdev({ source: '03:00.0' }))).toMatchObject([{ status: 'pass' }, { status: 'fail' }]);
  });

  it('says nothing of a domain without host devices', () => {
    expect(judge("<hostdev type='pci'><source/></hostdev>")).toMatchObject([{ status: 'not-applicable' }]);
  });
});
