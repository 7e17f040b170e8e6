import { describe, expect, it } from 'vitest';

import { aKernel } from '../../../test/facts.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import { EMPTY_MODPROBE_CONFIG, parseModprobeFile } from '../../../src/facts/modprobe-config.ts';
import type { Modules } from '../../../src/facts/modules.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import check from './modules.ts';

const LOADED: Modules = {
  loaded: ok(new Set(['vfio_pci', 'vfio_iommu_type1'])),
  builtIn: ok(new Set()),
  onDisk: ok(new Set(['vfio_pci', 'vfio_iommu_type1'])),
  folder: ok('/lib/modules/6.12.0'),
  installed: [],
};
const NONE: Modules = { ...LOADED, loaded: ok(new Set()), onDisk: ok(new Set()) };

function judge(modules: Modules, modprobe = '') {
  const config = { ...EMPTY_MODPROBE_CONFIG, ...parseModprobeFile(modprobe, '/etc/modprobe.d/x.conf') };
  return check.evaluate({ modules, kernel: aKernel(), modprobeConfig: { ok: true, value: config } });
}

describe(check.id, () => {
  it('passes when both are loaded', () => {
    expect(judge(LOADED)).toMatchObject({ status: 'pass', evidence: [{ source: '/proc/modules', observed: 'vfio_pci: loaded' }, {}] });
  });

  it('passes when both are built in or can be loaded', () => {
    expect(judge({ ...LOADED, loaded: ok(new Set()) })).toMatchObject({
      status: 'pass',
      evidence: [{ observed: 'vfio_pci: loadable' }, {}],
    });
    expect(judge({ ...NONE, builtIn: ok(new Set(['vfio_pci', 'vfio_iommu_type1'])) })).toMatchObject({
      status: 'pass',
      evidence: [{ source: '/lib/modules/6.12.0/modules.builtin' }, {}],
    });
  });

  it('passes with iommufd instead of vfio_iommu_type1', () => {
    expect(judge({ ...NONE, loaded: ok(new Set(['vfio_pci', 'iommufd'])) })).toMatchObject({
      status: 'pass',
      evidence: [{}, { observed: 'iommufd: loaded' }],
    });
  });

  it('fails on a kernel without them', () => {
    expect(judge(NONE)).toMatchObject({
      status: 'fail',
      severity: 'blocker',
      evidence: [{ source: '/lib/modules/6.12.0/kernel/drivers/vfio' }],
    });
  });

  it('says to reboot when the modules of the running kernel are gone', () => {
    expect(judge({ ...NONE, onDisk: ABSENT, builtIn: ABSENT, folder: ABSENT, installed: ['6.12.9'] })).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/lib/modules/6.12.0', observed: 'not there, but 6.12.9' }],
      remedy: { steps: [{ run: 'systemctl reboot' }] },
    });
  });

  it('does not send anybody to a reboot when no other kernel is there', () => {
    const outcome = judge({ ...NONE, onDisk: ABSENT, builtIn: ABSENT, folder: ABSENT });
    expect(outcome).toMatchObject({ status: 'fail', message: 'the running kernel 6.12.0 has no vfio-pci, vfio_iommu_type1' });
  });

  it('does not take what a container hides for missing', () => {
    const inContainer = { ...NONE, loaded: ok(new Set(['ext4'])), onDisk: ABSENT, builtIn: ABSENT, folder: ABSENT };
    expect(judge(inContainer)).toMatchObject({ status: 'unknown', evidence: [{ source: '/lib/modules/6.12.0' }] });
  });

  it('fails when modprobe is told not to load it', () => {
    const onDisk = { ...LOADED, loaded: ok(new Set<string>()) };
    expect(judge(onDisk, 'install vfio-pci /bin/false\n')).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/etc/modprobe.d/x.conf:1' }],
    });
    expect(judge(LOADED, 'install vfio-pci /bin/false\n')).toMatchObject({ status: 'pass' });
  });

  it('could not look when modules or modprobe.d were not recorded', () => {
    const hidden = unreadable('not-recorded', 'not recorded');
    expect(judge({ ...NONE, onDisk: hidden })).toMatchObject({ status: 'unknown' });
    const modprobeConfig = { ok: false, error: new FactError({ source: '/etc/modprobe.d', reason: 'not recorded' }) } as const;
    expect(check.evaluate({ modules: { ...LOADED, loaded: ok(new Set()) }, kernel: aKernel(), modprobeConfig })).toMatchObject({
      status: 'unknown',
    });
  });
});
