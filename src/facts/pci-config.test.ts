import { describe, expect, it } from 'vitest';

import { aPciDevice, anAudioFunction } from '../../test/facts.ts';
import { valueOf } from '../../test/judge.ts';
import { ROOT_PORT_SPACE, TRUNCATED_SPACE } from '../../test/pci-spaces.ts';
import { ABSENT, ok } from '../host/reading.ts';
import { addressesToRead, pciConfig } from './pci-config.ts';

const PORT = '/sys/devices/pci0000:00/0000:00:01.0';

function host(config: Uint8Array) {
  const attributes = (folder: string, classCode: string) => ({
    [`${folder}/vendor`]: '0x10de\n',
    [`${folder}/device`]: '0x2684\n',
    [`${folder}/class`]: `0x${classCode}\n`,
    [`${folder}/config`]: config,
  });
  return {
    files: { ...attributes(PORT, '060400'), ...attributes(`${PORT}/0000:01:00.0`, '030000') },
    links: {
      '/sys/bus/pci/devices/0000:00:01.0': PORT,
      '/sys/bus/pci/devices/0000:01:00.0': `${PORT}/0000:01:00.0`,
    },
  };
}

describe('pciConfig', () => {
  it('reads the display devices and the bridges above them', async () => {
    const value = await valueOf(pciConfig, host(ROOT_PORT_SPACE));
    expect([...value.keys()]).toEqual(['0000:00:01.0', '0000:01:00.0']);
    expect(value.get('0000:00:01.0')).toMatchObject({ state: 'ok', value: { capabilities: { state: 'ok' } } });
  });

  it('keeps what an ordinary user sees apart from what is not there', async () => {
    const hidden = await valueOf(pciConfig, host(TRUNCATED_SPACE));
    expect(hidden.get('0000:01:00.0')).toMatchObject({ state: 'ok', value: { capabilities: { state: 'unreadable', reason: 'denied' } } });
    expect((await valueOf(pciConfig, host(new Uint8Array(10)))).get('0000:01:00.0')).toMatchObject({
      state: 'unreadable',
      reason: 'failed',
    });
  });
});

describe('addressesToRead', () => {
  it('takes the whole slot, the whole group, what is passed, and the bridges above each', () => {
    const nic = aPciDevice({ address: '0000:02:00.0', classCode: '020000', iommuGroup: ok('12'), upstream: ['0000:00:02.0'] });
    const disk = aPciDevice({ address: '0000:03:00.0', classCode: '010802', iommuGroup: ABSENT, upstream: [] });
    const other = aPciDevice({ address: '0000:04:00.0', classCode: '010802', iommuGroup: ok('20') });
    const devices = [aPciDevice(), anAudioFunction(), nic, disk, other];
    expect(addressesToRead(devices, ['0000:03:00.0'])).toEqual([
      '0000:00:01.0',
      '0000:00:02.0',
      '0000:01:00.0',
      '0000:01:00.1',
      '0000:02:00.0',
      '0000:03:00.0',
    ]);
  });
});
