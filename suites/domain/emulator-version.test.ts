import { expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { aQemu } from '../../test/facts.ts';
import { ABSENT, ok } from '../../src/host/reading.ts';
import { emulatorVersion } from './emulator-version.ts';

const withEmulator = (path: string) => aDocument(aDefinition({ devices: `<emulator>${path}</emulator>` }));
const qemu = { ...aQemu([7, 2, 0]), others: [{ path: '/usr/local/bin/qemu', domains: [], version: ok([9, 1, 0] as const) }] };
const versionOf = (path: string) => emulatorVersion(withEmulator(path), { ok: true, value: qemu });

it('is that of the path, or of the distribution', () => {
  expect(versionOf('/usr/local/bin/qemu')).toEqual([9, 1, 0]);
  expect(versionOf('/usr/bin/qemu-system-x86_64')).toEqual([7, 2, 0]);
  expect(versionOf('/usr/bin/kvm')).toEqual([7, 2, 0]);
  expect(emulatorVersion(aDocument(aDefinition()), { ok: true, value: qemu })).toEqual([7, 2, 0]);
});

it('is not known of what was built elsewhere, or where there is no QEMU', () => {
  expect(versionOf('/opt/qemu/bin/qemu-system-x86_64')).toBe(null);
  expect(versionOf('/usr/local/bin/qemu-system-x86_64')).toBe(null);
  expect(emulatorVersion(withEmulator('/usr/bin/kvm'), { ok: true, value: { system: ABSENT, others: [] } })).toBe(null);
});
