import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { aQemu } from '../../test/facts.ts';
import { ABSENT, ok } from '../../src/host/reading.ts';
import { emulatorVersion, isAtLeast, versionText } from './hyperv-versions.ts';

describe('isAtLeast', () => {
  it.each([
    [[10, 7], [10, 7], true],
    [[10, 10], [10, 7], true],
    [[9, 10], [10, 7], false],
    [[11], [10, 7], true],
    [[10], [10, 7], false],
    [[7, 2, 22], [7, 2], true],
  ])('%j against %j: %s', (version, wanted, expected) => {
    expect(isAtLeast(version, wanted)).toBe(expected);
  });
});

const withEmulator = (path: string) => aDocument(aDefinition({ devices: `<emulator>${path}</emulator>` }));

describe('emulatorVersion', () => {
  it("takes the domain's own emulator, or that of the distribution", () => {
    const qemu = { ...aQemu([7, 2, 0]), others: [{ path: '/usr/local/bin/qemu', domains: [], version: ok([9, 1, 0] as const) }] };
    expect(emulatorVersion(qemu, withEmulator('/usr/local/bin/qemu'))).toEqual(ok([9, 1, 0]));
    expect(emulatorVersion(qemu, withEmulator('/usr/bin/kvm'))).toEqual(ok([7, 2, 0]));
    expect(emulatorVersion({ system: ABSENT, others: [] }, withEmulator('/usr/bin/kvm'))).toEqual(ABSENT);
  });
});

describe('versionText', () => {
  it('has two numbers', () => {
    expect(versionText([7, 2, 22])).toBe('7.2');
  });
});
