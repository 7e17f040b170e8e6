import { describe, expect, it } from 'vitest';

import { aGpu, aPassthrough, aPciDevice } from '../../../test/facts.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { Board } from '../../../src/facts/board.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import type { PciDevice, PciLink } from '../../../src/facts/pci-devices.ts';
import check from './link.ts';

const FULL: PciLink = { currentSpeed: 16, maxSpeed: 16, currentWidth: 16, maxWidth: 16 };
const BOARD: Board = {
  vendor: null,
  name: null,
  version: null,
  systemVendor: null,
  systemName: null,
  firmwareVendor: null,
  firmwareVersion: null,
  firmwareDate: null,
  chassisType: null,
};
const unread = { ok: false as const, error: new FactError({ source: '/sys/bus/pci/devices', reason: 'not read' }) };
const port = (link: PciLink | null, given: Partial<PciDevice> = {}): PciDevice =>
  aPciDevice({ address: '0000:00:01.0', vendor: '8086', device: 'a70d', classCode: '060400', upstream: [], link, ...given });

function judge(
  link: PciLink | null,
  bridges: readonly PciDevice[] = [port(FULL)],
  given: Partial<PciDevice> = {},
  chassisType = 3,
): Outcome | undefined {
  const board = { ok: true as const, value: { ...BOARD, chassisType } };
  const device = aPciDevice({ link, upstream: bridges.map(({ address }) => address), ...given });
  const judged = check.evaluate({
    passthrough: aPassthrough([aGpu([device])]),
    pciDevices: [...bridges, device],
    pciConfig: unread,
    board,
  });
  return 'status' in judged ? judged : judged[0]?.outcome;
}

describe(check.id, () => {
  it('passes with every lane', () => {
    expect(judge(FULL)).toMatchObject({
      status: 'pass',
      evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.0/current_link_width', observed: '16' }, { observed: '16 GT/s' }],
    });
  });

  it('fails with fewer lanes than card and slot have', () => {
    expect(judge({ ...FULL, currentWidth: 8 })).toMatchObject({
      status: 'fail',
      message: 'the link runs on 8 of 16 lanes',
      evidence: [
        { observed: '8', expected: '16' },
        { source: '/sys/bus/pci/devices/0000:00:01.0/max_link_width', observed: '16' },
      ],
    });
  });

  it('tells nobody to reseat what is soldered into a notebook', () => {
    expect(judge({ ...FULL, currentWidth: 8 }, [port(FULL)], {}, 10)).toMatchObject({
      status: 'pass',
      message: '8 of 16 lanes, which the maker of a notebook decides',
    });
  });

  it('fails in a slot that is narrower than the card, and says so', () => {
    expect(judge({ ...FULL, currentWidth: 4 }, [port({ ...FULL, maxWidth: 4 })])).toMatchObject({
      status: 'fail',
      message: 'its slot has 4 lanes, the card 16',
    });
  });

  it('only tells of the low speed of an idle card', () => {
    expect(judge({ ...FULL, currentSpeed: 2.5 })).toMatchObject({ status: 'pass', message: '2.5 of 16 GT/s, as an idle card does' });
  });

  it('tells of a slot that is slower than the card', () => {
    expect(judge({ ...FULL, currentSpeed: 8 }, [port({ ...FULL, maxSpeed: 8 })])).toMatchObject({
      status: 'pass',
      message: 'the slot is slower than the card: 8 of 16 GT/s',
    });
  });

  it('could not look while the card sleeps', () => {
    expect(judge({ currentSpeed: null, maxSpeed: 16, currentWidth: null, maxWidth: 16 })).toMatchObject({ status: 'unknown' });
  });

  it('does not judge conventional PCI and integrated graphics', () => {
    expect(judge(null)).toMatchObject({ status: 'not-applicable' });
    expect(judge(FULL, [])).toMatchObject({ status: 'not-applicable' });
  });

  it('looks at the slot, not at the link inside an AMD card', () => {
    const inner = { vendor: '1002', classCode: '060400' };
    const down = aPciDevice({ ...inner, address: '0000:02:00.0', device: '1479', link: FULL });
    const up = aPciDevice({ ...inner, address: '0000:01:00.0', device: '1478', link: { ...FULL, currentWidth: 4 } });
    expect(judge(FULL, [down, up, port(FULL)], { address: '0000:03:00.0', vendor: '1002', device: '73bf' })).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.0/current_link_width', observed: '4' }, {}],
    });
  });

  it('looks at the slot of an Intel Arc, whose GPU always says 2.5 GT/s x1', () => {
    const slow: PciLink = { currentSpeed: 2.5, maxSpeed: 2.5, currentWidth: 1, maxWidth: 1 };
    const down = aPciDevice({ address: '0000:02:01.0', vendor: '8086', device: '4fa4', classCode: '060400', link: slow });
    const up = aPciDevice({ address: '0000:01:00.0', vendor: '8086', device: '4fa1', classCode: '060400', link: FULL });
    expect(judge(slow, [down, up, port(FULL)], { address: '0000:03:00.0', vendor: '8086', device: '56a0' })).toMatchObject({
      status: 'pass',
      evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.0/current_link_width', observed: '16' }, {}],
    });
  });
});
