import { describe, expect, it } from 'vitest';

import { aDisplayCard, aGpu, anAudioFunction, aPassthrough, aPciDevice, someDisplays } from '../../../test/facts.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { Displays } from '../../../src/facts/displays.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import check from './not-host-display.ts';

const unknown = { ok: false as const, error: new FactError({ source: '/proc/cpuinfo', reason: 'not there' }) };
const integrated = aPciDevice({ address: '0000:00:02.0', vendor: '8086', driver: ok('i915'), bootVga: ok(true) });
const CONSOLE: Partial<Displays> = {
  framebuffers: ok([{ index: 0, name: 'amdgpudrmfb', device: '0000:01:00.0' }]),
  consoles: ok([{ name: 'vtcon1', kind: 'framebuffer', isBound: ok(true) }]),
};

interface Given {
  readonly others?: readonly PciDevice[];
  readonly displays?: Partial<Displays>;
  readonly hooks?: Reading<readonly string[]>;
}

function judge(gpu: PciDevice, { others = [integrated], displays = {}, hooks = ok([]) }: Given = {}): Outcome | undefined {
  const functions = [gpu, anAudioFunction()];
  const judged = check.evaluate({
    passthrough: aPassthrough([aGpu(functions)]),
    pciDevices: [...others, ...functions],
    displays: someDisplays(displays),
    libvirtHooks: { ok: true, value: { qemu: hooks } },
    cpu: unknown,
  });
  return 'status' in judged ? judged : judged[0]?.outcome;
}

const held = (driver: string, given: Partial<PciDevice> = {}): PciDevice => aPciDevice({ driver: ok(driver), ...given });

describe(check.id, () => {
  it('passes with the GPU on vfio-pci', () => {
    expect(judge(aPciDevice())).toMatchObject({ status: 'pass', evidence: [{ observed: 'vfio-pci' }] });
  });

  it('passes when a driver of the host holds it and shows nothing on it', () => {
    expect(judge(held('amdgpu'))).toMatchObject({ status: 'pass', message: expect.stringContaining('no output') });
  });

  it('fails when a driver of the host shows a picture on it', () => {
    const outcome = judge(held('amdgpu'), { displays: { cards: aDisplayCard('0000:01:00.0', 'card1') } });
    expect(outcome).toMatchObject({
      status: 'fail',
      message: "amdgpu shows the host's picture on 0000:01:00.0",
      evidence: [{ observed: 'amdgpu' }, { source: '/sys/class/drm/card1-DP-1' }],
    });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('passes with a monitor on an output that is off', () => {
    expect(judge(held('amdgpu'), { displays: { cards: aDisplayCard('0000:01:00.0', 'card1', false) } })).toMatchObject({ status: 'pass' });
  });

  it('fails when the text console is on it', () => {
    expect(judge(held('amdgpu'), { displays: CONSOLE })).toMatchObject({
      status: 'fail',
      message: "amdgpu shows the host's console on 0000:01:00.0",
      evidence: [{}, { source: '/sys/class/graphics/fb0' }],
    });
  });

  it('fails on a host without another display and without hook', () => {
    const outcome = judge(held('amdgpu'), { others: [], displays: CONSOLE });
    expect(outcome).toMatchObject({ status: 'fail', message: expect.stringContaining('there is no other display') });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('is only major on such a host with an executable hook', () => {
    const outcome = judge(held('amdgpu'), { others: [], displays: CONSOLE, hooks: ok(['/etc/libvirt/hooks/qemu']) });
    expect(outcome).toMatchObject({ status: 'fail', severity: 'major', evidence: [{}, {}, { source: '/etc/libvirt/hooks/qemu' }] });
  });

  it('does not excuse a hook where another display could have served', () => {
    expect(judge(held('amdgpu'), { displays: CONSOLE, hooks: ok(['/etc/libvirt/hooks/qemu']) })).not.toHaveProperty('severity');
  });

  it('cannot tell how bad it is when the hooks are hidden', () => {
    const hooks = unreadable('denied', 'permission denied');
    expect(judge(held('amdgpu'), { others: [], displays: CONSOLE, hooks })).toMatchObject({ status: 'unknown' });
  });

  it('is minor when the boot display is on vfio-pci already', () => {
    expect(judge(aPciDevice({ bootVga: ok(true) }), { others: [] })).toMatchObject({
      status: 'fail',
      severity: 'minor',
      evidence: [{ observed: 'vfio-pci' }, { source: '/sys/bus/pci/devices/0000:01:00.0/boot_vga', observed: '1' }],
    });
  });

  it('is minor when the firmware console is on a GPU without driver', () => {
    const displays: Partial<Displays> = {
      framebuffers: ok([{ index: 0, name: 'VESA VGA', device: null }]),
      consoles: ok([{ name: 'vtcon1', kind: 'framebuffer', isBound: ok(true) }]),
      firmwareFramebuffers: ok([{ name: 'vesafb', device: '0000:01:00.0' }]),
    };
    expect(judge(aPciDevice({ driver: ABSENT }), { displays })).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: 'the firmware console of the host is on it',
    });
  });

  it('could not look where the driver is hidden', () => {
    expect(judge(aPciDevice({ driver: unreadable('not-recorded', 'not recorded') }))).toMatchObject({ status: 'unknown' });
  });

  it('could not look where the outputs were not recorded', () => {
    expect(judge(held('amdgpu'), { displays: { cards: unreadable('not-recorded', 'not recorded') } })).toMatchObject({
      status: 'unknown',
      evidence: [{ source: '/sys/class/drm' }],
    });
  });

  it('needs no outputs to judge a GPU on vfio-pci', () => {
    expect(judge(aPciDevice(), { displays: { cards: unreadable('not-recorded', 'not recorded') } })).toMatchObject({ status: 'pass' });
  });

  it('does not trust the nvidia driver that shows no outputs', () => {
    expect(judge(held('nvidia'))).toMatchObject({ status: 'unknown', evidence: [{ source: '/sys/class/drm' }] });
  });

  it('trusts it for a card of a data centre, which has none', () => {
    expect(judge(held('nvidia', { classCode: '030200', bootVga: ABSENT }))).toMatchObject({ status: 'pass' });
  });
});
