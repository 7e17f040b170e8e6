import { describe, expect, it } from 'vitest';

import { aDomain, aGpu, anAudioFunction, aPciDevice } from '../../test/facts.ts';
import { ABSENT, ok, unreadable } from '../host/reading.ts';
import type { Displays } from './displays.ts';
import { FactError } from './fact-error.ts';
import { hostUse, isInTheWay, isLeftWithHost, isManagedByLibvirt } from './host-use.ts';

const failed = { ok: false, error: new FactError({ source: '/sys/class/drm', reason: 'not recorded' }) } as const;

function shown(status: string): { ok: true; value: Displays } {
  const connectors = [{ name: 'card1-DP-1', status: ok(status), isEnabled: ok(status === 'connected') }];
  return {
    ok: true,
    value: {
      cards: ok([{ name: 'card1', device: '0000:01:00.0', connectors }]),
      framebuffers: ok([]),
      consoles: ok([]),
      firmwareFramebuffers: ok([]),
      kernelConsoles: ok([]),
      sessions: ok([]),
    },
  };
}

describe('hostUse', () => {
  it('tells vfio-pci, no driver and pci-stub', () => {
    expect(hostUse(aPciDevice(), failed).kind).toBe('vfio');
    expect(hostUse(aPciDevice({ driver: ABSENT }), failed).kind).toBe('free');
    expect(hostUse(aPciDevice({ driver: ok('pci-stub') }), failed).kind).toBe('free');
  });

  it('takes sound and USB for idle', () => {
    expect(hostUse(anAudioFunction({ driver: ok('snd_hda_intel') }), failed).kind).toBe('idle');
    expect(hostUse(aPciDevice({ classCode: '0c0330', driver: ok('xhci_hcd') }), failed).kind).toBe('idle');
  });

  it('takes a display driver for in use only when it shows something', () => {
    const gpu = aPciDevice({ driver: ok('amdgpu') });
    expect(hostUse(gpu, shown('disconnected')).kind).toBe('idle');
    expect(hostUse(gpu, shown('connected'))).toMatchObject({ kind: 'in-use', source: '/sys/class/drm/card1-DP-1' });
  });

  it('knows that a 3D controller has no outputs that nvidia could hide', () => {
    const compute = aPciDevice({ address: '0000:02:00.0', classCode: '030200', driver: ok('nvidia') });
    expect(hostUse(compute, shown('connected'))).toEqual({ kind: 'idle', driver: 'nvidia' });
  });

  it('does not know what is hidden', () => {
    expect(hostUse(aPciDevice({ driver: unreadable('not-recorded', 'x') }), shown('connected')).kind).toBe('unknown');
    expect(hostUse(aPciDevice({ driver: ok('amdgpu') }), failed).kind).toBe('unknown');
    expect(hostUse(aPciDevice({ address: '0000:02:00.0', driver: ok('nvidia') }), shown('connected')).kind).toBe('unknown');
  });
});

describe('isManagedByLibvirt', () => {
  const definition = aDomain({ pciDevices: [{ address: '0000:01:00.0', managed: true }] });
  const domains = { ok: true, value: [{ definition, state: 'shut off' }] } as const;
  const gpu = aGpu(undefined, { isManaged: true, domains: ['win11'] });

  it('goes by the function where the domains can be read', () => {
    expect(isManagedByLibvirt(gpu, aPciDevice(), domains)).toBe(true);
    expect(isManagedByLibvirt(gpu, anAudioFunction(), domains)).toBe(false);
    expect(isManagedByLibvirt({ ...gpu, domains: ['other'] }, aPciDevice(), domains)).toBe(false);
  });

  it('goes by the GPU where they cannot', () => {
    expect(isManagedByLibvirt(gpu, anAudioFunction(), failed)).toBe(true);
    expect(isManagedByLibvirt(aGpu(), aPciDevice(), domains)).toBe(false);
  });
});

describe('isInTheWay', () => {
  const held = anAudioFunction({ driver: ok('snd_hda_intel') });

  it('is what the host holds in the group of the graphics function', () => {
    expect(isInTheWay(held, aPciDevice())).toBe(true);
    expect(isInTheWay({ ...held, iommuGroup: ok('13') }, aPciDevice())).toBe(false);
    expect(isInTheWay({ ...held, driver: ABSENT }, aPciDevice())).toBe(false);
    expect(isInTheWay({ ...held, driver: ok('pci-stub') }, aPciDevice())).toBe(false);
  });

  it('counts an unknown group as the same', () => {
    expect(isInTheWay({ ...held, iommuGroup: ABSENT }, aPciDevice())).toBe(true);
    expect(isInTheWay(held, undefined)).toBe(true);
  });
});

describe('isLeftWithHost', () => {
  const audio = anAudioFunction({ driver: ABSENT });

  it('says nothing of a card of which nothing is bound or assigned', () => {
    const gpu = aGpu([aPciDevice({ driver: ok('nvidia') }), audio]);
    expect(isLeftWithHost(gpu, audio, { ok: true, value: [] })).toBe(false);
  });

  it('is what stays behind and keeps nothing from starting', () => {
    expect(isLeftWithHost(aGpu([aPciDevice(), audio]), audio, { ok: true, value: [] })).toBe(true);
    const gpu = aGpu([aPciDevice(), audio], { domains: ['win11'] });
    const definition = aDomain({ pciDevices: [{ address: audio.address, managed: true }] });
    expect(isLeftWithHost(gpu, audio, { ok: true, value: [{ definition, state: 'shut off' }] })).toBe(false);
  });
});
