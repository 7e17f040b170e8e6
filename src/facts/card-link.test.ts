import { describe, expect, it } from 'vitest';

import { aPciDevice } from '../../test/facts.ts';
import { ok } from '../host/reading.ts';
import { cardLink } from './card-link.ts';
import { type PciExpressPortType, parsePciConfigSpace } from './pci-config-space.ts';
import type { PciDevice, PciLink } from './pci-devices.ts';

const FULL: PciLink = { currentSpeed: 16, maxSpeed: 16, currentWidth: 16, maxWidth: 16 };
const bridge = (address: string, vendor: string, device: string): PciDevice =>
  aPciDevice({ address, vendor, device, classCode: '060400', link: FULL });

/** A configuration space whose only capability is PCI Express, of a port type. */
function port(type: PciExpressPortType) {
  const bytes = new Uint8Array(4096);
  bytes.set([0x10], 0x06);
  bytes.set([0x40], 0x34);
  bytes.set([0x10, 0, type === 'root-port' ? 0x42 : 0x52, 0], 0x40);
  const space = parsePciConfigSpace(bytes);
  if (space === null) throw new Error('no header');
  return ok(space);
}

describe('cardLink', () => {
  const gpu = aPciDevice({
    address: '0000:03:00.0',
    vendor: '8086',
    device: 'e20b',
    upstream: ['0000:02:01.0', '0000:01:00.0', '0000:00:01.0'],
  });

  it('ends at the GPU itself below a root port', () => {
    const plain = aPciDevice({ link: FULL });
    expect(cardLink([bridge('0000:00:01.0', '8086', 'a70d'), plain], plain, null)).toEqual({
      address: '0000:01:00.0',
      link: FULL,
      slot: { address: '0000:00:01.0', link: FULL },
    });
  });

  it('ends at the switch of the card that its ids name', () => {
    const bridges = [
      bridge('0000:02:01.0', '8086', 'e2f0'),
      bridge('0000:01:00.0', '8086', 'e2ff'),
      bridge('0000:00:01.0', '8086', 'a70d'),
    ];
    expect(cardLink([...bridges, gpu], gpu, null)).toMatchObject({ address: '0000:01:00.0', slot: { address: '0000:00:01.0' } });
  });

  it('ends at a switch of the same vendor that the configuration space tells', () => {
    const bridges = [
      bridge('0000:02:01.0', '8086', 'ffff'),
      bridge('0000:01:00.0', '8086', 'fffe'),
      bridge('0000:00:01.0', '8086', 'a70d'),
    ];
    const config = new Map([
      ['0000:02:01.0', port('upstream-port')],
      ['0000:01:00.0', port('upstream-port')],
      ['0000:00:01.0', port('root-port')],
    ]);
    expect(cardLink([...bridges, gpu], gpu, config)).toMatchObject({ address: '0000:01:00.0', slot: { address: '0000:00:01.0' } });
  });

  it('does not take the switch of a chipset for a part of the card', () => {
    const nvidia = aPciDevice({ address: '0000:03:00.0', upstream: ['0000:02:01.0', '0000:01:00.0'], link: FULL });
    const bridges = [bridge('0000:02:01.0', '1022', '57a3'), bridge('0000:01:00.0', '1022', '57ad')];
    expect(cardLink([...bridges, nvidia], nvidia, null)).toMatchObject({ address: '0000:03:00.0', slot: { address: '0000:02:01.0' } });
  });

  it('has no slot on the root bus', () => {
    expect(cardLink([], aPciDevice({ upstream: [] }), null)).toMatchObject({ slot: null });
  });
});
