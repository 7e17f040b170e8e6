import { describe, expect, it } from 'vitest';

import { fixed, judgeDomain } from '../../../test/domain-rule.ts';
import { aHostdev } from '../../../test/host-device.ts';
import rule from './multifunction.ts';

const parts = (devices: string, machine = 'q35') => ({ body: `<os><type machine='${machine}'>hvm</type></os>`, gpu: false, devices });
const judge = (devices: string, machine?: string) => judgeDomain(rule, parts(devices, machine));
const AUDIO = aHostdev({ source: '01:00.1', guest: '05:00.1' });

describe(rule.id, () => {
  it('passes when function 0 says so, and when libvirt will add it', () => {
    expect(judge(aHostdev({ guest: '05:00.0', also: "multifunction='on'" }) + AUDIO)).toMatchObject([{ status: 'pass' }]);
    expect(judge(AUDIO + aHostdev({ guest: '05:00.0' }))).toMatchObject([
      { status: 'pass', message: "libvirt sets multifunction='on' at 0000:05:00.0" },
    ]);
  });

  it('fails when function 0 claims to be alone, and mends it', () => {
    const off = parts(aHostdev({ guest: '05:00.0', also: "multifunction='off'" }) + AUDIO);
    expect(judgeDomain(rule, off)).toMatchObject([
      {
        status: 'fail',
        message: '0000:05:00.0 claims to be the only function of its slot, and 0000:05:00.1 is in it too',
        evidence: [{ observed: "multifunction='off'" }, {}],
      },
    ]);
    expect(fixed(rule, off)).toContain("multifunction='on'");
  });

  it('fails when there is no function 0', () => {
    expect(judge(AUDIO)).toMatchObject([{ status: 'fail', severity: 'major', message: expect.stringContaining('has no function 0') }]);
  });

  it('knows the slots in which the machine itself has function 0', () => {
    const sata = "<controller type='sata'><address type='pci' bus='0' slot='0x1f' function='2'/></controller>";
    const ide = "<controller type='ide'><address type='pci' bus='0' slot='1' function='1'/></controller>";
    expect(judge(sata)).toMatchObject([{ status: 'not-applicable' }]);
    expect(judge(ide, 'pc-i440fx-8.2')).toMatchObject([{ status: 'not-applicable' }]);
    expect(judge(ide)).toMatchObject([{ status: 'fail' }]);
  });

  it('says nothing where every device has a slot of its own, or no address', () => {
    expect(judge(aHostdev({ guest: '05:00.0' }) + aHostdev({ source: '01:00.1', guest: '06:00.0' }))).toMatchObject([
      { status: 'not-applicable' },
    ]);
    expect(judge(aHostdev())).toMatchObject([{ status: 'not-applicable' }]);
  });
});
