import { describe, expect, it } from 'vitest';

import { aGpu, aKernel, aPassthrough, aPciDevice } from '../../../test/facts.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import type { PciConfigSpace, ResizableBar } from '../../../src/facts/pci-config-space.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import check from './rebar.ts';

const MIB = 1024 * 1024;
const cpu = { ok: false as const, error: new FactError({ source: '/proc/cpuinfo', reason: 'not there' }) };

function space(resizableBars: readonly ResizableBar[]): Reading<PciConfigSpace> {
  const capabilities = { ids: [], express: null, advancedFeaturesReset: false, noSoftReset: null, extendedIds: ok([]), acs: ok(null) };
  return ok({
    responds: true,
    headerType: 0,
    isMultiFunction: true,
    capabilities: ok({ ...capabilities, resizableBars: ok(resizableBars) }),
  });
}

function judge(
  sizeMiB: number,
  sizesMiB: Reading<readonly number[]>,
  config: Reading<PciConfigSpace> = space([]),
  release = '5.15.0',
): Outcome | undefined {
  const device = aPciDevice({ bars: [{ index: 1, sizeBytes: sizeMiB * MIB, prefetchable: true, is64Bit: true }] });
  const judged = check.evaluate({
    passthrough: aPassthrough([aGpu([device])]),
    gpuAttributes: [{ address: device.address, hasResetFile: ok(true), resizableBars: [{ index: 1, sizesMiB }] }],
    pciConfig: { ok: true, value: new Map([[device.address, config]]) },
    cpu,
    kernel: { ok: true, value: aKernel('', release) },
  });
  return 'status' in judged ? judged : judged[0]?.outcome;
}

describe(check.id, () => {
  it('passes with the largest window', () => {
    expect(judge(16_384, ok([256, 16_384]))).toMatchObject({ status: 'pass', evidence: [{ observed: 'window 1: 16384 MiB' }] });
  });

  it('fails with a smaller window than the card offers', () => {
    expect(judge(256, ok([256, 16_384]))).toMatchObject({
      status: 'fail',
      message: 'window 1 is 256 MiB, the card offers 16384 MiB',
      evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.0/resource1_resize' }],
    });
  });

  it('reads the capability itself on a kernel that shows no sizes', () => {
    const config = space([{ bar: 1, sizes: [256 * MIB, 8192 * MIB], current: 256 * MIB }]);
    expect(judge(256, ABSENT, config)).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.0/config' }],
    });
  });

  it('does not judge a card without the capability', () => {
    expect(judge(256, ABSENT)).toMatchObject({ status: 'not-applicable' });
  });

  it('could not look as an ordinary user on an older kernel', () => {
    const hidden = unreadable('denied', 'only root sees more than the first 64 bytes');
    const head: Reading<PciConfigSpace> = ok({ responds: true, headerType: 0, isMultiFunction: true, capabilities: hidden });
    expect(judge(256, ABSENT, head)).toMatchObject({
      status: 'unknown',
      evidence: [{ observed: 'only root sees more than the first 64 bytes' }],
    });
  });
});
