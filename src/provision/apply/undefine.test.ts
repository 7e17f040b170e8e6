import { describe, expect, it } from 'vitest';

import { olderUndefine } from './undefine.ts';

const UUID = '6f1f6b6e-8d5c-5b1a-9a53-0c9f6a1a9d01';
const COMPLAINT = "command 'undefine' doesn't support option --keep-tpm";
const older = (devices: string, complaint = COMPLAINT): readonly string[] | null =>
  olderUndefine(
    { do: 'undefine-domain', uuid: UUID, replaces: `<domain><devices>${devices}</devices></domain>`, snapshotsMetadata: true },
    complaint,
  );
const tpm = (more: string): string => `<tpm model='tpm-crb'><backend type='emulator' version='2.0'${more}/></tpm>`;

describe('a libvirt before 8.9, which cannot be told to keep a TPM', () => {
  it('is not told so where there is none, or where it keeps it by itself', () => {
    const words = ['undefine', UUID, '--keep-nvram', '--snapshots-metadata'];
    expect(older('')).toEqual(words);
    expect(older(tpm(" persistent_state='yes'"))).toEqual(words);
    expect(older("<tpm><backend type='passthrough'/></tpm>")).toEqual(words);
  });

  it('is not asked where the TPM would be lost, or where nobody can tell', () => {
    expect(older(tpm(''))).toBeNull();
    expect(older('<unclosed>')).toBeNull();
  });

  it('is told apart from everything else that libvirt says', () => {
    expect(older('', 'Requested operation is not valid: cannot undefine domain with nvram')).toBeNull();
  });
});
