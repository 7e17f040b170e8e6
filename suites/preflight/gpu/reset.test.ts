import { describe, expect, it } from 'vitest';

import { aDomain, aGpu, aKernel, anAudioFunction, aPassthrough, aPciDevice } from '../../../test/facts.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { DefinedDomain } from '../../../src/facts/domains.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import type { SelectedGpu } from '../../../src/facts/passthrough.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import check from './reset.ts';

interface Given {
  readonly passed?: readonly string[];
  readonly more?: readonly PciDevice[];
  readonly audio?: PciDevice;
  readonly gpu?: Partial<SelectedGpu>;
  readonly domains?: readonly DefinedDomain[];
  /** Null: not known. */
  readonly release?: string | null;
  readonly resetFile?: Reading<boolean>;
}

const AUDIO = anAudioFunction({ resetMethods: ABSENT });
const HELD = anAudioFunction({ resetMethods: ABSENT, driver: ok('snd_hda_intel') });

function judge(device: PciDevice, given: Given = {}): Outcome | undefined {
  const functions = [device, given.audio ?? AUDIO];
  const release = given.release === undefined ? '6.12.0' : given.release;
  const judged = check.evaluate({
    passthrough: aPassthrough([aGpu(functions, given.gpu)], { devices: given.passed ?? functions.map(({ address }) => address) }),
    pciDevices: [...functions, ...(given.more ?? [])],
    domains: { ok: true, value: given.domains ?? [] },
    gpuAttributes: [{ address: device.address, hasResetFile: given.resetFile ?? ok(true), resizableBars: [] }],
    kernel:
      release === null
        ? { ok: false, error: new FactError({ source: '/proc/cmdline', reason: 'not recorded' }) }
        : { ok: true, value: aKernel('', release) },
  });
  return 'status' in judged ? judged : judged[0]?.outcome;
}

const methods = (...names: string[]): PciDevice => aPciDevice({ resetMethods: ok(names) });
const sibling = aPciDevice({ address: '0000:01:02.0', classCode: '020000', driver: ok('e1000'), resetMethods: ABSENT });

describe(check.id, () => {
  it('passes with a reset of the function', () => {
    for (const method of ['flr', 'af_flr', 'pm', 'device_specific', 'acpi']) {
      expect(judge(methods(method, 'bus'), { more: [sibling] })).toMatchObject({
        status: 'pass',
        evidence: [{ observed: `${method} bus` }],
      });
    }
  });

  it('passes with bus when everything on the bus is passed', () => {
    expect(judge(methods('bus'))).toMatchObject({ status: 'pass', message: expect.stringContaining('VFIO resets the bus') });
  });

  it('fails with bus when the host keeps a function of the card', () => {
    expect(judge(methods('bus'), { passed: ['0000:01:00.0'], audio: HELD })).toMatchObject({
      status: 'fail',
      message: 'a reset of its bus would also reset 0000:01:00.1, which the host keeps',
      evidence: [{ observed: 'bus' }, { source: '/sys/bus/pci/devices/0000:01:00.1' }],
    });
  });

  it('does not promise a reset of a card that leaves a function with the host', () => {
    const open = { status: 'not-applicable', message: expect.stringContaining('once 0000:01:00.1 goes with it') };
    expect(judge(methods('bus'), { audio: HELD })).toMatchObject(open);
    const definition = aDomain({ pciDevices: [{ address: '0000:01:00.0', managed: true }] });
    const given = { audio: HELD, gpu: { domains: ['win11'] }, domains: [{ definition, state: 'shut off' }] };
    expect(judge(methods('bus'), given)).toMatchObject(open);
    expect(judge(methods('flr', 'bus'), given)).toMatchObject({ status: 'pass' });
    const unbound = aPciDevice({ resetMethods: ok(['bus']), driver: ok('nouveau') });
    expect(judge(unbound, { audio: HELD })).toMatchObject({ status: 'pass' });
  });

  it('fails when a network card shares the bus, though no method is named for the GPU', () => {
    expect(judge(aPciDevice({ resetMethods: ABSENT }), { more: [{ ...sibling, resetMethods: ok(['bus']) }] })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('0000:01:02.0'),
    });
  });

  it('passes when the other device on the bus lies on vfio-pci too', () => {
    expect(judge(methods('bus'), { more: [{ ...sibling, driver: ok('vfio-pci') }] })).toMatchObject({ status: 'pass' });
  });

  it('does not look at the same bus number of another domain', () => {
    const far = aPciDevice({ address: '10000:01:00.0', resetMethods: ok(['bus']) });
    expect(judge(methods('bus'), { more: [far] })).toMatchObject({ status: 'pass' });
  });

  it('fails on the root bus, where there is no bus to reset', () => {
    expect(judge(aPciDevice({ resetMethods: ABSENT, upstream: [] }))).toMatchObject({
      status: 'fail',
      message: 'the kernel knows no way to reset it',
      evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.0/reset_method', observed: 'no method' }],
    });
  });

  it('fails where the kernel forbids the bus reset of a card (NVIDIA T4)', () => {
    expect(judge(aPciDevice({ device: '1eb8', resetMethods: ABSENT }))).toMatchObject({
      status: 'fail',
      message: 'the kernel knows no way to reset it',
    });
  });

  it('fails for a card with a known reset bug, whatever the kernel offers', () => {
    const navi = aPciDevice({ vendor: '1002', device: '731f', resetMethods: ok(['flr', 'bus']) });
    expect(judge(navi)).toMatchObject({
      status: 'fail',
      message: '1002:731f (AMD Navi 10) is known not to come back from a reset',
      evidence: [{ observed: 'flr bus', expected: 'device_specific' }],
    });
  });

  it('makes vendor-reset last beyond the next boot', () => {
    const outcome = judge(aPciDevice({ vendor: '1002', device: '67df', resetMethods: ok(['bus']) }));
    expect(JSON.stringify(outcome)).toContain('99-vendor-reset.rules');
  });

  it('passes such a card with the module vendor-reset in force', () => {
    expect(judge(aPciDevice({ vendor: '1002', device: '731f', resetMethods: ok(['device_specific', 'bus']) }))).toMatchObject({
      status: 'pass',
    });
  });

  it('passes a newer AMD card', () => {
    expect(judge(aPciDevice({ vendor: '1002', device: '744c' }))).toMatchObject({ status: 'pass' });
  });

  describe('on a kernel before 5.15', () => {
    const silent = aPciDevice({ resetMethods: ABSENT });

    it('passes when the card can be reset somehow and everything on its bus is passed', () => {
      expect(judge(silent, { release: '5.10.0' })).toMatchObject({
        status: 'pass',
        evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.0/reset' }],
      });
    });

    it('fails without the file reset', () => {
      expect(judge(silent, { release: '5.10.0', resetFile: ok(false) })).toMatchObject({ status: 'fail' });
    });

    it('could not look when that file is hidden', () => {
      const resetFile = unreadable('not-recorded', 'not recorded');
      expect(judge(silent, { release: '5.10.0', resetFile })).toMatchObject({ status: 'unknown' });
    });

    it('could not look when the version is unknown', () => {
      expect(judge(silent, { release: null })).toMatchObject({ status: 'unknown' });
    });
  });

  it('could not look where the methods are hidden', () => {
    expect(judge(aPciDevice({ resetMethods: unreadable('not-recorded', 'not recorded') }))).toMatchObject({ status: 'unknown' });
  });
});
