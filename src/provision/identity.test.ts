import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { macAddress, objectUuid, uuidV5 } from './identity.ts';

const DC01 = { hostId: 'h', connection: 'qemu:///system', kind: 'domain', name: 'DC01' } as const;

describe('uuidV5', () => {
  it('is that of other programs', () => {
    // As Python's uuid.uuid5 has it, and RFC 9562, appendix A.4, with the namespace of DNS.
    expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });
});

describe('objectUuid', () => {
  it('stays what it was', () => {
    expect(objectUuid(DC01)).toBe('762a1400-4037-55b5-970a-e6a9542b9eaa');
  });

  it('is another one for another host, connection, kind and name', () => {
    const others = [{ hostId: 'i' }, { connection: 'qemu:///session' as const }, { kind: 'pool' as const }, { name: 'DC02' }];
    const uuids = [DC01, ...others.map((other) => ({ ...DC01, ...other }))].map(objectUuid);
    expect(new Set(uuids).size).toBe(5);
  });

  it('is a UUID of version 5', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (hostId, name) => {
        expect(objectUuid({ ...DC01, hostId, name })).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
  });
});

describe('macAddress', () => {
  it.each([
    [0, '52:54:00:5e:5e:89'],
    [1, '52:54:00:96:c2:2a'],
    [256, '52:54:00:a9:bc:99'],
  ])('of card %i is the one of NixVirt', (index, expected) => {
    expect(macAddress('3fcf372d-60c6-4bd1-91a5-b5f64a4988ef', index)).toBe(expected);
    expect(macAddress('3FCF372D-60C6-4BD1-91A5-B5F64A4988EF', index)).toBe(expected);
  });
});
