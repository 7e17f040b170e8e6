import { describe, expect, it } from 'vitest';

import { FactError } from '../../../src/facts/fact-error.ts';
import { EMPTY_MODPROBE_CONFIG, parseModprobeFile } from '../../../src/facts/modprobe-config.ts';
import type { Modules } from '../../../src/facts/modules.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { ABSENT, ok } from '../../../src/host/reading.ts';
import { aKernel, anAudioFunction, aPassthrough, aPciDevice, DEBIAN } from '../../../test/facts.ts';
import check from './ids-unambiguous.ts';

const FILE = '/etc/modprobe.d/vfio.conf';
const MODULES: Modules = { loaded: ok(new Set(['vfio_pci'])), builtIn: ok(new Set()), onDisk: ABSENT, folder: ABSENT, installed: [] };
const failed = { ok: false, error: new FactError({ source: 'x', reason: 'not recorded' }) } as const;

type Facts = Parameters<typeof check.evaluate>[0];

function judge(modprobe: string, others: readonly PciDevice[] = [], given: Partial<Facts> = {}) {
  return check.evaluate({
    passthrough: aPassthrough(),
    pciDevices: [aPciDevice(), anAudioFunction(), ...others],
    modprobeConfig: { ...EMPTY_MODPROBE_CONFIG, ...parseModprobeFile(modprobe, FILE) },
    kernel: aKernel(),
    modules: MODULES,
    driverOverrides: failed,
    platform: { ok: true, value: DEBIAN },
    ...given,
  });
}

const IDS = 'options vfio-pci ids=10de:2684,10de:22ba\n';
const TWIN = aPciDevice({ address: '0000:02:00.0', driver: ok('nvidia') });

describe(check.id, () => {
  it('passes when the ids name only what is passed', () => {
    expect(judge(IDS, [aPciDevice({ address: '0000:02:00.0', device: '1f02' })])).toMatchObject({
      status: 'pass',
      evidence: [{ source: `${FILE}:1`, observed: '10de:2684' }, {}],
    });
  });

  it('finds the second card of the same model', () => {
    expect(judge(IDS, [TWIN])).toMatchObject({
      status: 'fail',
      message: 'vfio-pci is given ids that 0000:02:00.0 has as well, and that is not passed',
      evidence: [{ source: `${FILE}:1`, observed: '10de:2684 is 0000:02:00.0 too (nvidia)' }],
      remedy: { steps: expect.arrayContaining([{ run: 'driverctl set-override 0000:01:00.0 vfio-pci' }]) },
    });
  });

  it('tells cards apart by subsystem and by driver_override', () => {
    expect(judge('options vfio-pci ids=10de:2684:1458\n', [TWIN])).toMatchObject({ status: 'pass' });
    expect(judge(IDS, [{ ...TWIN, driverOverride: ok('nvidia') }])).toMatchObject({ status: 'pass' });
  });

  it('judges the list that is in force', () => {
    expect(judge(`${IDS}options vfio-pci ids=10de:22ba\n`, [TWIN])).toMatchObject({ status: 'pass' });
    expect(judge('', [TWIN], { kernel: aKernel('vfio-pci.ids=10de:2684') })).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/proc/cmdline' }],
    });
    expect(judge(IDS, [TWIN], { modules: { ...MODULES, loaded: ok(new Set()), builtIn: ok(new Set(['vfio_pci'])) } })).toMatchObject({
      status: 'not-applicable',
    });
  });

  it('passes when devices are bound by address', () => {
    const overrides = [{ address: '0000:01:00.0', driver: 'vfio-pci', source: '/etc/driverctl.d/pci-0000:01:00.0' }];
    const driverOverrides = { ok: true, value: { overrides, scripts: [], isDriverctlInstalled: true, unread: [] } } as const;
    expect(judge('', [TWIN], { driverOverrides })).toMatchObject({
      status: 'pass',
      evidence: [{ source: '/etc/driverctl.d/pci-0000:01:00.0' }],
    });
    expect(judge('', [TWIN])).toMatchObject({ status: 'not-applicable' });
  });

  it('could not look when a file of modprobe.d is hidden', () => {
    const unread = [{ source: FILE, reason: 'permission denied' }];
    expect(judge('', [], { modprobeConfig: { ...EMPTY_MODPROBE_CONFIG, unread } })).toMatchObject({
      status: 'unknown',
      evidence: [{ source: FILE }],
    });
  });

  it('is not applicable without a GPU', () => {
    expect(judge(IDS, [TWIN], { passthrough: aPassthrough([]) })).toMatchObject({ status: 'not-applicable' });
  });
});
