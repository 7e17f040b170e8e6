import { describe, expect, it } from 'vitest';

import { judgeDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aDisplayCard, aPciDevice, someDisplays } from '../../../test/facts.ts';
import { aHostdev } from '../../../test/host-device.ts';
import { ok } from '../../../src/host/reading.ts';
import rule from './boot-display.ts';

const IGPU = aPciDevice({ address: '0000:00:02.0', vendor: '8086', driver: ok('i915'), upstream: [] });
const judge = (device = aPciDevice(), displays = someDisplays(), hook: readonly string[] = [], others = [IGPU]) =>
  judgeDomain(
    rule,
    { gpu: false, devices: aHostdev() },
    {
      pciDevices: [...others, device],
      displays: { ok: true, value: displays },
      libvirtHooks: { ok: true, value: { qemu: ok(hook) } },
      cpu: NO_HOST_FACT,
    },
  );
const HELD = aPciDevice({ driver: ok('nvidia') });
const SHOWN = someDisplays({ cards: aDisplayCard('0000:01:00.0') });

describe(rule.id, () => {
  it('passes when it is on vfio-pci and not the boot display', () => {
    expect(judge()).toMatchObject([{ status: 'pass' }]);
  });

  it('tells that it is the boot display', () => {
    expect(judge(aPciDevice({ bootVga: ok(true) }))).toMatchObject([{ status: 'fail', severity: 'minor', location: { line: 9 } }]);
  });

  it('fails when the host shows its desktop on it', () => {
    const [outcome] = judge(HELD, SHOWN);
    expect(outcome).toMatchObject({ status: 'fail', message: "nvidia shows the host's picture on 0000:01:00.0" });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('leaves it to a hook when it is the only display', () => {
    expect(judge(HELD, SHOWN, ['/etc/libvirt/hooks/qemu'], [])).toMatchObject([{ status: 'fail', severity: 'major' }]);
  });

  it('says nothing when no GPU is given', () => {
    expect(judge(aPciDevice({ classCode: '020000' }))).toMatchObject([{ status: 'not-applicable' }]);
  });
});
