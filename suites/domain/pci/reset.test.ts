import { describe, expect, it } from 'vitest';

import { judgeDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aKernel, anAudioFunction, aPciDevice } from '../../../test/facts.ts';
import { aHostdev } from '../../../test/host-device.ts';
import { ok } from '../../../src/host/reading.ts';
import rule from './reset.ts';

const judge = (methods: readonly string[], device = aPciDevice(), devices = aHostdev() + aHostdev({ source: '01:00.1' })) =>
  judgeDomain(
    rule,
    { gpu: false, devices },
    {
      pciDevices: [
        { ...device, resetMethods: ok(methods) },
        anAudioFunction(),
        aPciDevice({ address: '0000:01:00.2', classCode: '0c0330', driver: ok('xhci_hcd') }),
      ],
      gpuAttributes: NO_HOST_FACT,
      kernel: { ok: true, value: aKernel() },
    },
  );

describe(rule.id, () => {
  it('passes for a GPU that resets itself', () => {
    expect(judge(['flr', 'bus'])).toMatchObject([{ status: 'pass' }]);
  });

  it('fails for one that is known not to come back', () => {
    expect(judge(['bus'], aPciDevice({ vendor: '1002', device: '67df' }))).toMatchObject([
      { status: 'fail', message: '0000:01:00.0: 1002:67df (AMD Polaris 10) is known not to come back from a reset', location: { line: 9 } },
    ]);
  });

  it('says nothing when no GPU is given', () => {
    expect(judge(['flr'], aPciDevice(), aHostdev({ source: '01:00.1' }))).toMatchObject([{ status: 'not-applicable' }]);
  });
});
