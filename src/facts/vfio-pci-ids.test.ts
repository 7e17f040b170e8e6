import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aKernel, aPciDevice } from '../../test/facts.ts';
import { parseModprobeFile } from './modprobe-config.ts';
import { matchesVfioPciId, moduleParameterValues, parseVfioPciIds, refusedVfioPciIds, vfioPciIdLists, vfioPciIds } from './vfio-pci-ids.ts';

const FILE = '/etc/modprobe.d/vfio.conf';
const configured = (text: string) => parseModprobeFile(text, FILE);

describe('vfioPciIds', () => {
  it('finds the ids of modprobe.d with file and line', () => {
    expect(vfioPciIds(configured('# GPU\noptions vfio-pci ids=10de:2684,10de:22ba disable_vga=1\n'), aKernel())).toMatchObject([
      { vendor: '10de', device: '2684', subvendor: null, source: `${FILE}:2` },
      { vendor: '10de', device: '22ba', source: `${FILE}:2` },
    ]);
  });

  it.each(['vfio-pci.ids=1002:73bf', 'vfio_pci.ids=1002:73bf'])('finds %s on the command line', (commandLine) => {
    expect(vfioPciIds(configured(''), aKernel(commandLine))).toMatchObject([{ vendor: '1002', device: '73bf', source: '/proc/cmdline' }]);
  });

  it('takes the last list only, the command line last', () => {
    const config = configured('options vfio-pci ids=10de:1\noptions vfio_pci ids=10de:2\n');
    expect(vfioPciIds(config, aKernel()).map(({ device }) => device)).toEqual(['0002']);
    expect(vfioPciIds(config, aKernel('vfio-pci.ids=10de:3')).map(({ device }) => device)).toEqual(['0003']);
    expect(vfioPciIdLists(config, aKernel('vfio-pci.ids=10de:3'))).toHaveLength(3);
  });

  it('ignores modprobe.d when vfio-pci is built in', () => {
    const config = configured('options vfio-pci ids=10de:2684\n');
    expect(vfioPciIds(config, aKernel(), { isBuiltIn: true })).toEqual([]);
    expect(vfioPciIds(config, aKernel('vfio-pci.ids=1002:73bf'), { isBuiltIn: true })).toHaveLength(1);
  });
});

describe('parseVfioPciIds', () => {
  it('reads all six fields', () => {
    expect(parseVfioPciIds('10DE:ffffffff:1458:ffffffff:00030000:ffff00ff', 's')).toEqual([
      {
        vendor: '10de',
        device: 'ffffffff',
        subvendor: '1458',
        subdevice: null,
        classCode: 0x03_00_00,
        classMask: 0xff_ff_00_ff,
        text: '10DE:ffffffff:1458:ffffffff:00030000:ffff00ff',
        source: 's',
      },
    ]);
  });

  it('leaves out what the driver refuses', () => {
    expect(parseVfioPciIds('10de,zz:1,,10de:2684', 's').map(({ device }) => device)).toEqual(['2684']);
    expect(refusedVfioPciIds('10de,zz:1,,10de:2684')).toEqual(['10de', 'zz:1']);
  });

  it('reads any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const { vendor } of parseVfioPciIds(text, 's')) expect(vendor).toMatch(/^[0-9a-f]{4,8}$/);
      }),
    );
  });
});

describe('matchesVfioPciId', () => {
  const gpu = aPciDevice({ subsystem: '1458:40bf' });
  const matches = (text: string): boolean => parseVfioPciIds(text, 's').some((id) => matchesVfioPciId(id, gpu));

  it.each(['10de:2684', '10de:2684:1458', '10de:2684:1458:40bf', 'ffffffff:ffffffff:ffffffff:ffffffff:030000:ff0000'])(
    '%s means it',
    (id) => {
      expect(matches(id)).toBe(true);
    },
  );

  it.each(['10de:2685', '10de:2684:1043', '10de:2684:1458:0001', '10de:ffffffff:ffffffff:ffffffff:040300:ffff00'])('%s does not', (id) => {
    expect(matches(id)).toBe(false);
  });
});

describe('moduleParameterValues', () => {
  it('finds a parameter in any spelling', () => {
    const config = configured('options vfio-iommu-type1 allow_unsafe_interrupts=1\n');
    expect(
      moduleParameterValues(config, aKernel('vfio_iommu_type1.allow-unsafe-interrupts=0'), 'vfio_iommu_type1', 'allow_unsafe_interrupts'),
    ).toEqual([
      { value: '1', source: `${FILE}:1` },
      { value: '0', source: '/proc/cmdline' },
    ]);
  });
});
