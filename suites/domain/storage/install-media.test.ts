import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, type DomainParts, judgeDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aDiskSource, someLintedDisks } from '../../../test/linted-disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { ABSENT } from '../../../src/host/reading.ts';
import rule from './install-media.ts';

const drive = (source: string): string => `<disk type='file' device='cdrom'><source ${source}/><target dev='sda' bus='sata'/></disk>`;

const WITHOUT = { lintedDisks: NO_HOST_FACT };
const one = (parts: DomainParts | DomainDocument): Outcome | undefined => judgeDomain(rule, parts, WITHOUT)[0];

describe(rule.id, () => {
  it('passes an empty drive, and an image of something else', () => {
    expect(one({ devices: drive("file=''") })).toMatchObject({ status: 'pass' });
    expect(one({ devices: drive("file='/iso/games.iso'") })).toMatchObject({ status: 'pass' });
  });

  it('passes a drive that may be empty', () => {
    expect(one({ devices: drive("file='/iso/Win11.iso' startupPolicy='optional'") })).toMatchObject({ status: 'pass' });
  });

  it('names both images that an installation leaves behind', () => {
    const devices =
      drive("file='/home/x/Win10_1909_English_x64.iso'") + drive("file='/home/x/virtio-win-0.1.171.iso' startupPolicy='requisite'");
    expect(judgeDomain(rule, { devices }, WITHOUT)).toMatchObject([
      {
        status: 'fail',
        message: 'the Windows image is in the drive sda',
        evidence: [{ observed: "<source file='/home/x/Win10_1909_English_x64.iso'/>" }],
      },
      { status: 'fail', message: 'the virtio-win image is in the drive sda' },
    ]);
  });

  it('leaves an image that is gone to the rule about that', () => {
    const lintedDisks = someLintedDisks([aDiskSource('/iso/Win11.iso', { stat: ABSENT })]);
    const facts = { lintedDisks: { ok: true as const, value: lintedDisks } };
    expect(judgeDomain(rule, { devices: drive("file='/iso/Win11.iso'") }, facts)).toMatchObject([{ status: 'pass' }]);
  });

  it('says nothing without a CD-ROM drive, and of other guests', () => {
    expect(one({})).toMatchObject({ status: 'not-applicable' });
    const guest = { os: 'linux', version: null, because: 'a test' } as const;
    expect(one(aDocument(aDefinition({ devices: drive("file='/iso/Win11.iso'") }), { guest }))).toMatchObject({
      status: 'not-applicable',
    });
  });
});
