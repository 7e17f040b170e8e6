import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { anAudioFunction, aPciDevice } from '../../../test/facts.ts';
import { aHostdev } from '../../../test/host-device.ts';
import rule from './device-present.ts';

const NAMES = { ok: true, value: new Map([['10de', 'NVIDIA']]) } as const;
const MOVED = [aPciDevice({ address: '0000:02:00.0' }), anAudioFunction({ address: '0000:02:00.1' })];
const judge = (devices: string, pciDevices = [aPciDevice()], pciNames: typeof NAMES | typeof NO_HOST_FACT = NAMES) =>
  judgeOneDomain(rule, { gpu: false, devices }, { pciDevices, pciNames });

describe(rule.id, () => {
  it('passes when the device is there', () => {
    expect(judge(aHostdev())).toMatchObject({ status: 'pass' });
  });

  it('fails when it is not, and shows the GPUs that are', () => {
    expect(judge(aHostdev(), MOVED)).toMatchObject({
      status: 'fail',
      message: '0000:01:00.0 is not in this host',
      evidence: [
        { source: 'win11.xml:9', observed: expect.stringContaining("bus='0x01'") },
        { source: '/sys/bus/pci/devices/0000:01:00.0', observed: 'not there' },
        { source: '/sys/bus/pci/devices/0000:02:00.0', observed: 'NVIDIA 10de:2684' },
      ],
      remedy: {
        summary: 'Write the address that it has here: the GPU is 0000:02:00.0 (NVIDIA 10de:2684)',
        steps: [
          {
            text: expect.stringMatching(/^instead of <address .*line 9/i),
            line: "<address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>",
          },
        ],
      },
    });
  });

  it('names the function beside the GPU for the sound of the card', () => {
    expect(judge(aHostdev({ source: '01:00.1' }), MOVED)).toMatchObject({
      status: 'fail',
      remedy: {
        summary: expect.stringContaining('the function beside the GPU is 0000:02:00.1'),
        steps: [{ line: expect.stringContaining("function='0x1'") }],
      },
    });
  });

  it('lets the person choose between two, and offers none that is given already', () => {
    const two = [...MOVED, aPciDevice({ address: '0000:03:00.0' })];
    const outcome = judge(aHostdev(), two);
    expect(outcome).toMatchObject({ remedy: { summary: expect.stringMatching(/is meant: here are 0000:02:00\.0 .*, 0000:03:00\.0 /) } });
    const given = `${aHostdev()}${aHostdev({ source: '02:00.0' })}`;
    const [missing] = judgeDomain(rule, { gpu: false, devices: given }, { pciDevices: MOVED, pciNames: NAMES });
    expect(missing).toMatchObject({ status: 'fail', remedy: { summary: expect.stringContaining('lspci -D') } });
  });

  it('suggests no GPU for a device of the chipset', () => {
    const outcome = judge(aHostdev({ source: '00:14.0' }), MOVED, NO_HOST_FACT);
    expect(outcome).toMatchObject({ status: 'fail', evidence: [{}, {}] });
    expect('evidence' in outcome ? outcome.evidence : []).toHaveLength(2);
  });

  it('knows domains with five digits', () => {
    const pciDevices = [aPciDevice({ address: '10000:e1:00.0' })];
    expect(judge(aHostdev({ source: '10000:e1:00.0' }), pciDevices)).toMatchObject({ status: 'pass' });
  });

  it('says nothing where nothing is passed', () => {
    expect(judge('')).toMatchObject({ status: 'not-applicable' });
  });
});
