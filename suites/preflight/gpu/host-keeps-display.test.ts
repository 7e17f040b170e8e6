import { describe, expect, it } from 'vitest';

import { aDisplayCard, aGpu, aPassthrough, aPciDevice, someDisplays } from '../../../test/facts.ts';
import type { Displays } from '../../../src/facts/displays.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { ok, unreadable } from '../../../src/host/reading.ts';
import check from './host-keeps-display.ts';

const gpu = aPciDevice();
const integrated = aPciDevice({ address: '0000:00:02.0', vendor: '8086', driver: ok('i915'), bootVga: ok(true) });

const judge = (displays: Partial<Displays>, pciDevices = [integrated, gpu]): ReturnType<typeof check.evaluate> =>
  check.evaluate({ passthrough: aPassthrough(), pciDevices, displays: someDisplays(displays) });

describe(check.id, () => {
  it('passes when the other display drives a monitor, and shows the session', () => {
    const sessions = ok([{ id: '2', type: 'wayland', seat: 'seat0', isActive: true }]);
    expect(judge({ cards: aDisplayCard('0000:00:02.0'), sessions })).toMatchObject({
      status: 'pass',
      evidence: [{ source: '/sys/class/drm/card0-DP-1' }, { source: '/run/systemd/sessions/2', observed: 'wayland session on seat0' }],
    });
  });

  it('passes with the VGA text console on the other display', () => {
    expect(judge({ consoles: ok([{ name: 'vtcon0', kind: 'vga', isBound: ok(true) }]) })).toMatchObject({ status: 'pass' });
  });

  it('passes with a monitor on a USB adapter', () => {
    expect(judge({ cards: aDisplayCard(null) }, [gpu])).toMatchObject({ status: 'pass' });
  });

  it('does not take the picture of the firmware for another display', () => {
    const connectors = [{ name: 'card0-Unknown-1', status: ok('connected'), isEnabled: ok(true) }];
    expect(judge({ cards: ok([{ name: 'card0', device: null, connectors }]) }, [gpu])).toMatchObject({ status: 'fail' });
  });

  it('fails when only the GPU drives a monitor', () => {
    expect(judge({ cards: aDisplayCard('0000:01:00.0') })).toMatchObject({
      status: 'fail',
      message: '0000:00:02.0 shows nothing: no monitor is in use there',
      evidence: [{ source: '/sys/bus/pci/devices/0000:00:02.0' }],
    });
  });

  it('fails when the GPU is the only display', () => {
    expect(judge({}, [gpu])).toMatchObject({ status: 'fail', message: 'the GPU is the only display: the host keeps none' });
  });

  it('passes with the display of a management controller, which needs no monitor', () => {
    const bmc = aPciDevice({ address: '0000:c6:00.0', vendor: '1a03', device: '2000', driver: ok('ast') });
    expect(judge({}, [bmc, gpu])).toMatchObject({ status: 'pass' });
  });

  it('does not miss a display on a host that never had one', () => {
    const compute = aPciDevice({ classCode: '030200' });
    const evaluate = (all: PciDevice[]) =>
      check.evaluate({ passthrough: aPassthrough([aGpu([compute])]), pciDevices: all, displays: someDisplays() });
    expect(evaluate([compute])).toMatchObject({ status: 'not-applicable' });
    const divided = aPciDevice({ address: '0000:81:00.0', classCode: '030200', driver: ok('nvidia') });
    expect(evaluate([compute, divided])).toMatchObject({ status: 'not-applicable' });
  });

  it('does not judge a host with a serial console', () => {
    expect(judge({ kernelConsoles: ok(['ttyS0']) }, [gpu])).toMatchObject({ status: 'not-applicable' });
  });

  it('does not judge a host of which no GPU is given away', () => {
    const facts = { passthrough: aPassthrough([]), pciDevices: [integrated], displays: someDisplays() };
    expect(check.evaluate(facts)).toMatchObject({ status: 'not-applicable' });
  });

  it('could not look where the outputs were not recorded', () => {
    expect(judge({ cards: unreadable('not-recorded', 'not recorded') })).toMatchObject({ status: 'unknown' });
  });
});
