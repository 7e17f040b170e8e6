import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseRoutes } from './host-subnets.ts';

/** A host with a VPN, a bridge without any VM, and a route to another office. */
const ROUTES = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	0101A8C0	0003	0	0	100	00000000	0	0	0
tun0	0000000A	00000000	0001	0	0	0	000000FF	0	0	0
eth0	0001A8C0	00000000	0001	0	0	100	00FFFFFF	0	0	0
eth0	000210AC	FE01A8C0	0003	0	0	0	00FFFFFF	0	0	0
virbr0	007AA8C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
wg0	0501000A	00000000	0005	0	0	0	FFFFFFFF	0	0	0
old0	0009A8C0	00000000	0000	0	0	0	00FFFFFF	0	0	0
`;

describe('parseRoutes', () => {
  it('reads the subnets that interfaces are in, without those behind a gateway', () => {
    expect(parseRoutes(ROUTES)).toEqual([
      { interface: 'tun0', first: 0x0a000000, last: 0x0affffff },
      { interface: 'eth0', first: 0xc0a80100, last: 0xc0a801ff },
      { interface: 'virbr0', first: 0xc0a87a00, last: 0xc0a87aff },
      { interface: 'wg0', first: 0x0a000105, last: 0x0a000105 },
    ]);
  });

  it('survives anything, and says nothing of what it does not understand', () => {
    expect(parseRoutes('eth0 xx 00000000 0001 0 0 0 00FFFFFF\neth0 0001A8C0\n')).toEqual([]);
    fc.assert(fc.property(fc.string(), (text) => void parseRoutes(text)));
  });
});
