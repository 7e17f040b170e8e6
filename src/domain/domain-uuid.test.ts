import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { uuidDigits } from './domain-uuid.ts';

const UUID = '3288f0d8-6c0a-44c6-b1b3-b73f061a156d';
const digits = (uuid: string): string | null => uuidDigits(aDocument(aDefinition({ body: `<uuid>${uuid}</uuid>` })));

describe('the UUID of a domain', () => {
  it('is the same in every spelling that libvirt reads', () => {
    const spellings = [UUID, UUID.toUpperCase(), UUID.replaceAll('-', ''), UUID.replaceAll('-', ' ')];
    expect(new Set(spellings.map(digits))).toEqual(new Set([UUID.replaceAll('-', '')]));
  });

  it('is none where libvirt reads none', () => {
    expect(['YOUR_UUID_HERE', 'CHANGE_ME', UUID.slice(1), ''].map(digits)).toEqual([null, null, null, null]);
  });

  it('is 32 digits or none for any text', () => {
    fc.assert(fc.property(fc.string(), (uuid) => /^[0-9a-f]{32}$/.test(uuidDigits({ domain: { uuid } as never }) ?? '0'.repeat(32))));
  });
});
