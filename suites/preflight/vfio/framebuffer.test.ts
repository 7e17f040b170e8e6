import { describe, expect, it } from 'vitest';

import type { Displays } from '../../../src/facts/displays.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import type { Kernel } from '../../../src/facts/kernel.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import { aGpu, aKernel, aPassthrough, aPciDevice } from '../../../test/facts.ts';
import check from './framebuffer.ts';

const failed = { ok: false, error: new FactError({ source: '/proc/cmdline', reason: 'not recorded' }) } as const;
const HELD = ok([{ name: 'BOOTFB', device: '0000:01:00.0' }]);

function judge(
  regions: Reading<readonly { name: string; device: string | null }[]>,
  kernel: Kernel | null = aKernel(),
  driver = ok('nouveau'),
) {
  const displays: Displays = {
    cards: ok([]),
    framebuffers: ok([]),
    consoles: ok([]),
    firmwareFramebuffers: regions,
    kernelConsoles: ok([]),
    sessions: ok([]),
  };
  const passthrough = aPassthrough([aGpu([aPciDevice({ driver })])]);
  const outcomes = check.evaluate({ passthrough, displays, kernel: kernel === null ? failed : { ok: true, value: kernel } });
  return 'status' in outcomes ? outcomes : outcomes[0]?.outcome;
}

describe(check.id, () => {
  it('passes when nothing holds the GPU, or only another one', () => {
    expect(judge(ok([]))).toMatchObject({ status: 'pass', evidence: [{ source: '/proc/iomem' }] });
    expect(judge(ok([{ name: 'BOOTFB', device: '0000:00:02.0' }]))).toMatchObject({ status: 'pass' });
  });

  it('passes from Linux 6.0 on, which frees it at binding', () => {
    expect(judge(HELD, aKernel('', '6.0.0'))).toMatchObject({ status: 'pass', message: expect.stringContaining('frees it') });
  });

  it('fails before, and says that video=efifb:off does not help', () => {
    expect(judge(HELD, aKernel('video=efifb:off', '5.19.0'))).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/proc/iomem', observed: 'BOOTFB inside 0000:01:00.0' }, { source: '/proc/cmdline' }],
    });
  });

  it('fails when it is held although vfio-pci is bound', () => {
    expect(judge(HELD, aKernel(), ok('vfio-pci'))).toMatchObject({ status: 'fail' });
  });

  it('could not look without /proc/iomem or the version of the kernel', () => {
    expect(judge(unreadable('not-recorded', 'not recorded'))).toMatchObject({ status: 'unknown', evidence: [{ source: '/proc/iomem' }] });
    expect(judge(ABSENT)).toMatchObject({ status: 'unknown' });
    expect(judge(HELD, null)).toMatchObject({ status: 'unknown' });
  });
});
