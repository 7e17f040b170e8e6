import { describe, expect, it } from 'vitest';

import { aGroup, aPciDevice } from '../../test/facts.ts';
import { PCI_BRIDGE_SPACE, ROOT_PORT_SPACE, TRUNCATED_SPACE } from '../../test/pci-spaces.ts';
import { ok, unreadable } from '../host/reading.ts';
import { mergeReasons } from './group-merge.ts';
import { parsePciConfigSpace } from './pci-config-space.ts';
import type { PciConfig } from './pci-config.ts';

const PORT = '0000:00:01.0';
const GPU = aPciDevice({ upstream: [PORT] });
const GROUP = aGroup({ devices: [PORT, '0000:01:00.0', '0000:02:00.0'] });

function read(bytes: Uint8Array, address = PORT): PciConfig {
  const space = parsePciConfigSpace(bytes);
  return new Map([[address, space === null ? unreadable('failed', 'short') : ok(space)]]);
}

/** The recorded root port as another type of port: bits 7 to 4 of the flags at 0x56. */
function portOfType(type: number): Uint8Array {
  return ROOT_PORT_SPACE.with(0x56, ((ROOT_PORT_SPACE[0x56] ?? 0) & 0x0f) | (type << 4)).with(0x148, 0x01);
}

describe('mergeReasons', () => {
  it('finds a port without Access Control Services', () => {
    expect(mergeReasons(GROUP, [GPU], read(portOfType(4)))).toMatchObject([
      { address: PORT, kind: 'no-acs', reason: expect.stringContaining('root port') },
    ]);
    expect(mergeReasons(GROUP, [GPU], read(portOfType(6)))).toMatchObject([{ reason: expect.stringContaining('downstream port') }]);
  });

  it('does not blame the upstream port of a switch, nor a port whose services are all on', () => {
    expect(mergeReasons(GROUP, [GPU], read(portOfType(5)))).toEqual([]);
    expect(mergeReasons(GROUP, [GPU], read(ROOT_PORT_SPACE))).toEqual([]);
  });

  it('finds a bridge to conventional PCI', () => {
    expect(mergeReasons(GROUP, [GPU], read(PCI_BRIDGE_SPACE))).toMatchObject([{ address: PORT, kind: 'conventional' }]);
  });

  it('says what it could not look at', () => {
    expect(mergeReasons(GROUP, [GPU], read(TRUNCATED_SPACE))).toMatchObject([{ kind: 'hidden', reason: expect.stringContaining('root') }]);
    expect(mergeReasons(GROUP, [GPU], new Map())).toMatchObject([{ kind: 'hidden' }]);
  });

  it('does not look at bridges outside the group', () => {
    expect(mergeReasons(aGroup({ devices: ['0000:01:00.0', '0000:02:00.0'] }), [GPU], read(PCI_BRIDGE_SPACE))).toEqual([]);
  });
});
