import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aConfig, aPciDevice } from '../../../test/facts.ts';
import { aHostdev } from '../../../test/host-device.ts';
import type { Config } from '../../../src/config/schema.ts';
import rule from './gpu-given.ts';

const NIC = aPciDevice({ address: '0000:03:00.0', vendor: '8086', device: '1533', classCode: '020000' });
const VIDEO = "<video><model type='virtio'/></video>";
const judge = (devices: string, config: Partial<Config> = {}) =>
  judgeOneDomain(
    rule,
    { name: 'win11', gpu: false, devices },
    { pciDevices: [aPciDevice(), NIC], config: { ok: true, value: aConfig(config) }, pciNames: NO_HOST_FACT },
  );
const GIVEN_NIC = aHostdev({ source: '03:00.0' });

describe(rule.id, () => {
  it('passes when a GPU or a slice of one is given', () => {
    expect(judge(aHostdev())).toMatchObject({ status: 'pass' });
    expect(judge("<hostdev type='mdev' model='vfio-pci'/>")).toMatchObject({ status: 'pass' });
  });

  it('leaves a domain with a network card alone', () => {
    expect(judge(GIVEN_NIC + VIDEO)).toMatchObject({
      status: 'not-applicable',
      message: 'no GPU is passed, only 0000:03:00.0 (8086:1533)',
    });
  });

  it('fails when such a domain has no other display, or was given the ROM of a card', () => {
    expect(judge(GIVEN_NIC)).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: 'no GPU is among what is passed (0000:03:00.0 (8086:1533)), and the guest has no other display',
      evidence: [{}, { source: '/sys/bus/pci/devices/0000:01:00.0', observed: '10de:2684' }],
    });
    expect(judge(aHostdev({ source: '03:00.0', inside: "<rom file='/gpu.rom'/>" }) + VIDEO)).toMatchObject({ status: 'fail' });
    expect(judge(`${GIVEN_NIC}${VIDEO}<shmem name='looking-glass'/>`)).toMatchObject({ status: 'fail' });
  });

  it('fails when passcheck.yaml names the domain and a GPU that it is not given', () => {
    const config = { vms: ['win11'], gpu: ['0000:01:00.0'] };
    const outcome = judge(GIVEN_NIC + VIDEO, config);
    expect(outcome).toMatchObject({ status: 'fail', message: 'passcheck.yaml means 0000:01:00.0 for win11, which is not given it' });
    expect(outcome).not.toHaveProperty('severity');
    expect(judge(aHostdev(), config)).toMatchObject({ status: 'pass' });
    expect(judge(GIVEN_NIC + VIDEO, { ...config, vms: ['other'] })).toMatchObject({ status: 'not-applicable' });
  });

  it('says nothing where nothing is passed', () => {
    expect(judge(VIDEO)).toMatchObject({ status: 'not-applicable' });
  });
});
