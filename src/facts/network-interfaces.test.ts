import { expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { networkInterfaces } from './network-interfaces.ts';

it('lists the interfaces of the host', async () => {
  const links = { '/sys/class/net/lo': '../../devices/virtual/net/lo', '/sys/class/net/br0': '../../devices/virtual/net/br0' };
  expect(await valueOf(networkInterfaces, { links })).toEqual(['br0', 'lo']);
});

it('is an error where they cannot be seen', async () => {
  expect(await collect(networkInterfaces, { unreadable: { '/sys/class/net': 'denied' } })).toMatchObject({ ok: false });
});
