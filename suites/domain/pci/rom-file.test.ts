import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { anAudioFunction, aPciDevice } from '../../../test/facts.ts';
import { aHostdev } from '../../../test/host-device.ts';
import type { LintedRom } from '../../../src/facts/linted-roms.ts';
import type { OptionRom } from '../../../src/facts/option-rom.ts';
import type { FileKind } from '../../../src/host/source.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import rule from './rom-file.ts';

const PATH = '/var/lib/libvirt/vbios/gpu.rom';
const UEFI = "<os firmware='efi'><type machine='q35'>hvm</type></os>";
const stat = (kind: FileKind = 'file') => ok({ kind, size: 1024, mode: 0o644, uid: 0, gid: 0, mtimeMs: 0 });
const image = (codeType: number, vendor = '10de') => ({ codeType, vendor, device: '2684' });
const aRom = (given: Partial<OptionRom> = {}) => ok<OptionRom>({ kind: 'rom', images: [image(0), image(3)], isComplete: true, ...given });

interface Given {
  readonly rom?: Partial<LintedRom>;
  readonly file?: string;
  readonly source?: string;
  readonly body?: string;
}

function judge({ rom = {}, file = PATH, source = '01:00.0', body = UEFI }: Given) {
  const lintedRoms = [{ path: PATH, stat: stat(), rom: aRom(), reach: { state: 'reachable' } as const, user: 'libvirt-qemu', ...rom }];
  const pciDevices = { ok: true, value: [aPciDevice(), anAudioFunction()] } as const;
  return judgeOneDomain(
    rule,
    { gpu: false, body, devices: aHostdev({ source, inside: `<rom file='${file}'/>` }) },
    { lintedRoms, pciDevices },
  );
}

describe(rule.id, () => {
  it('passes for a ROM of the card with an image for UEFI', () => {
    expect(judge({})).toMatchObject({ status: 'pass', evidence: [{ observed: `file='${PATH}'` }] });
  });

  it.each<[string, Partial<LintedRom>, string | undefined]>([
    ['there is no ROM file', { stat: ABSENT, rom: ABSENT }, undefined],
    ['is a directory', { stat: stat('directory') }, undefined],
    ['is empty', { rom: aRom({ kind: 'empty', images: [] }) }, 'blocker'],
    ['begins with the header of the tool', { rom: aRom({ kind: 'header', images: [] }) }, 'major'],
    ['is no expansion ROM', { rom: aRom({ kind: 'other', images: [] }) }, 'major'],
    ['is the ROM of another card', { rom: aRom({ images: [image(3, '1002')] }) }, 'major'],
    ['has no image for UEFI', { rom: aRom({ images: [image(0)] }) }, 'minor'],
    ['ends before its last image', { rom: aRom({ isComplete: false }) }, 'minor'],
  ])('tells that the file %s', (message, rom, severity) => {
    expect(judge({ rom })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining(message),
      evidence: [{}, { source: PATH }],
      ...(severity === undefined ? {} : { severity }),
    });
  });

  it('wants no image for UEFI for sound, and for a guest with a BIOS', () => {
    const rom = { rom: aRom({ images: [image(0)] }) };
    expect(judge({ rom, source: '01:00.1' })).toMatchObject({ status: 'pass' });
    expect(judge({ rom, body: '' })).toMatchObject({ status: 'pass' });
  });

  it('fails when QEMU may not read it', () => {
    const blocked = {
      state: 'blocked',
      at: '/var/lib/libvirt/vbios',
      stat: { kind: 'directory', size: 0, mode: 0o700, uid: 0, gid: 0, mtimeMs: 0 },
    } as const;
    expect(judge({ rom: { reach: blocked } })).toMatchObject({
      status: 'fail',
      message: `libvirt-qemu may not read ${PATH}`,
      remedy: { steps: [{ run: `install -D -m 0644 ${PATH} /usr/share/vgabios/gpu.rom` }] },
    });
  });

  it('fails for a path that is not absolute', () => {
    expect(judge({ file: 'gpu.rom' })).toMatchObject({ status: 'fail', message: 'the ROM file "gpu.rom" is no absolute path' });
  });

  it('could not look when the file is hidden', () => {
    const hidden = unreadable('denied', 'Permission denied');
    expect(judge({ rom: { stat: hidden } })).toMatchObject({ status: 'unknown' });
    expect(judge({ rom: { rom: hidden } })).toMatchObject({ status: 'unknown' });
    expect(judge({ rom: { reach: { state: 'unknown', at: PATH, reason: 'no getfacl' } } })).toMatchObject({
      status: 'unknown',
      severity: 'major',
    });
    expect(judge({ file: '/another.rom' })).toMatchObject({ status: 'unknown' });
  });

  it('says nothing where no file is named', () => {
    expect(
      judgeOneDomain(rule, { gpu: false, devices: aHostdev({ inside: "<rom bar='on'/>" }) }, { lintedRoms: [], pciDevices: NO_HOST_FACT }),
    ).toMatchObject({
      status: 'not-applicable',
    });
  });
});
