import { describe, expect, it } from 'vitest';

import { judgeDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { anAudioFunction, aPciDevice } from '../../../test/facts.ts';
import { aHostdev, aPciController } from '../../../test/host-device.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import rule from './root-port.ts';

const CONTROLLERS = [aPciController(0, 'pcie-root'), aPciController(5, 'pcie-root-port'), aPciController(16, 'pcie-to-pci-bridge')].join(
  '',
);
const LINK = { currentSpeed: 2.5, maxSpeed: 16, currentWidth: 16, maxWidth: 16 };
const host = (given: Partial<PciDevice>) =>
  ({ pciDevices: { ok: true, value: [aPciDevice({ link: LINK, ...given }), anAudioFunction()] } }) as const;
const HOST = host({});
const judge = (devices: string, facts: Parameters<typeof rule.judge>[1] = HOST, machine = 'pc-q35-9.2') =>
  judgeDomain(rule, { body: `<os><type machine='${machine}'>hvm</type></os>`, gpu: false, devices: CONTROLLERS + devices }, facts);

describe(rule.id, () => {
  it('passes behind a root port', () => {
    expect(judge(aHostdev({ guest: '05:00.0' }))).toMatchObject([{ status: 'pass' }]);
  });

  it('fails on a conventional bus, and names the bridge', () => {
    expect(judge(aHostdev({ guest: '10:01.0' }))).toMatchObject([
      {
        status: 'fail',
        severity: 'major',
        message: '0000:01:00.0 is on a conventional PCI bus of the guest',
        evidence: [{}, { observed: aPciController(16, 'pcie-to-pci-bridge') }],
      },
    ]);
  });

  it('is milder about the root bus', () => {
    expect(judge(aHostdev({ guest: '00:05.0' }))).toMatchObject([{ status: 'fail', severity: 'minor' }]);
  });

  it('leaves integrated graphics on the root bus, and a conventional card on a conventional one', () => {
    expect(judge(aHostdev({ guest: '00:02.0' }), host({ upstream: [] }))).toMatchObject([{ status: 'pass' }]);
    expect(judge(aHostdev({ guest: '10:01.0' }), host({ link: null }))).toMatchObject([{ status: 'not-applicable' }]);
  });

  it('leaves what is no GPU alone', () => {
    expect(judge(aHostdev({ source: '01:00.1', guest: '10:01.0' }))).toMatchObject([{ status: 'not-applicable' }]);
  });

  it('takes a device with several functions for a card where there is no host', () => {
    const none = { pciDevices: NO_HOST_FACT };
    const audio = aHostdev({ source: '01:00.1', guest: '06:00.0' });
    expect(judge(aHostdev({ guest: '10:01.0' }) + audio, none)).toMatchObject([{ status: 'fail' }]);
    expect(judge(aHostdev({ guest: '10:01.0' }), none)).toMatchObject([{ status: 'not-applicable' }]);
    expect(judge(aHostdev({ source: '00:1f.0', guest: '10:01.0' }) + aHostdev({ source: '00:1f.1' }), none)).toMatchObject([
      { status: 'not-applicable' },
    ]);
  });

  it('says nothing of i440fx, of a bus that nothing describes, and where there is no address', () => {
    expect(judge(aHostdev({ guest: '10:01.0' }), HOST, 'pc-i440fx-8.2')).toMatchObject([{ status: 'not-applicable' }]);
    expect(judge(aHostdev({ guest: '07:00.0' }))).toMatchObject([{ status: 'not-applicable' }]);
    expect(judge(aHostdev())).toMatchObject([{ status: 'not-applicable' }]);
  });
});
