import { describe, expect, it } from 'vitest';

import { parseAddresses, reachableAddress } from './vm-addresses.ts';

// `virsh domifaddr --source lease` of libvirt 9.0, and a name that only a guest could have made up.
const TABLE = ` Name       MAC address          Protocol     Address
-------------------------------------------------------------------------------
 vnet0      52:54:00:12:34:56    ipv4         192.168.56.101/24
 vnet1      52:54:00:12:34:57    ipv6         fd00::5/64
 -          -                    ipv4         10.0.0.1/8
`;

it('reads the table of virsh', () => {
  expect(parseAddresses(TABLE)).toEqual([
    { interface: 'vnet0', mac: '52:54:00:12:34:56', addresses: ['192.168.56.101/24'] },
    { interface: 'vnet1', mac: '52:54:00:12:34:57', addresses: ['fd00::5/64'] },
  ]);
});

describe('the address at which a guest is reached', () => {
  it.each([
    [['fd00::5/64', '192.168.56.101/24'], '192.168.56.101'],
    [['127.0.0.1/8', '169.254.3.4/16', 'fe80::1/64', '::1/128'], undefined],
    [['fe80::1/64', 'fd00::5/64'], 'fd00::5'],
    [[], undefined],
  ])('of %j is %s', (addresses, address) => {
    expect(reachableAddress([{ interface: 'eth0', mac: null, addresses }])).toBe(address);
  });
});
