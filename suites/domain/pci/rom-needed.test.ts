import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aPciDevice } from '../../../test/facts.ts';
import { aHostdev } from '../../../test/host-device.ts';
import { ok } from '../../../src/host/reading.ts';
import rule from './rom-needed.ts';

const DEVICES = aHostdev({ inside: "<rom file='/gpu.rom'/>" });
const sound = (file: string): string => aHostdev({ source: '01:00.1', inside: `<rom file='${file}'/>` });
const onHost = (isBoot: boolean, devices = DEVICES) =>
  judgeOneDomain(rule, { gpu: false, devices }, { pciDevices: { ok: true, value: [aPciDevice({ bootVga: ok(isBoot) })] } });
const withSound = (file: string) => judgeDomain(rule, { gpu: false, devices: DEVICES + sound(file) }, { pciDevices: NO_HOST_FACT });

describe(rule.id, () => {
  it('passes for the card on which the host starts', () => {
    expect(onHost(true)).toMatchObject({ status: 'pass' });
  });

  it('calls it outdated advice for another card', () => {
    expect(onHost(false)).toMatchObject({
      status: 'fail',
      evidence: [{ observed: "file='/gpu.rom'" }, { source: '/sys/bus/pci/devices/0000:01:00.0/boot_vga' }],
    });
  });

  it('says so with a condition where there is no host', () => {
    expect(judgeOneDomain(rule, { gpu: false, devices: DEVICES }, { pciDevices: NO_HOST_FACT })).toMatchObject({
      status: 'fail',
      remedy: { summary: expect.stringContaining('unless the host starts on this card') },
    });
  });

  it('tells another function that has the file of the first from the card itself', () => {
    expect(withSound('/gpu.rom')).toMatchObject([
      { message: expect.stringContaining('which is mostly not needed') },
      { message: '0000:01:00.1 is given the ROM file of 0000:01:00.0, and has no use for it' },
    ]);
    expect(withSound('/network.rom')[1]).toMatchObject({ message: expect.stringContaining('which is mostly not needed') });
  });

  it('says nothing where no file is given', () => {
    expect(onHost(false, aHostdev({ inside: "<rom bar='off'/>" }))).toMatchObject({ status: 'not-applicable' });
  });
});
