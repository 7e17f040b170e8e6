import { expect, it } from 'vitest';

import { createFactStore } from '../engine/fact-store.ts';
import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { memoryHost } from '../host/memory.ts';
import { bootAnnouncement } from './boot-announcement.ts';

const VARIABLE = '/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';

async function announced(files: Readonly<Record<string, Uint8Array>>): Promise<string | null> {
  const store = createFactStore({ host: memoryHost({ files }), context: { config: DEFAULT_CONFIG }, now: () => 0 });
  const attempt = await store.get(bootAnnouncement);
  return attempt.ok ? attempt.value.text : 'an error';
}

function variable(text: string): Uint8Array {
  return Buffer.concat([Buffer.from([6, 0, 0, 0]), Buffer.from(`${text}\0`, 'utf16le')]);
}

it('the boot loader that ran says its name', async () => {
  expect(await announced({ [VARIABLE]: variable('systemd-boot 257.9-1-arch') })).toBe('systemd-boot 257.9-1-arch');
});

it.each([{}, { [VARIABLE]: variable('') }, { [VARIABLE]: Uint8Array.of(6) }])('one that says nothing is no name: %j', async (files) => {
  expect(await announced(files)).toBeNull();
});
