import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './install-media.ts';

const drive = (source: string): string => `<disk type='file' device='cdrom'><source ${source}/><target dev='sda' bus='sata'/></disk>`;

describe(rule.id, () => {
  it('passes an empty drive, and an image of something else', () => {
    expect(judgeOneDomain(rule, { devices: drive("file=''") })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { devices: drive("file='/iso/games.iso'") })).toMatchObject({ status: 'pass' });
  });

  it('passes a drive that may be empty', () => {
    expect(judgeOneDomain(rule, { devices: drive("file='/iso/Win11.iso' startupPolicy='optional'") })).toMatchObject({ status: 'pass' });
  });

  it('names both images that an installation leaves behind', () => {
    const devices =
      drive("file='/home/x/Win10_1909_English_x64.iso'") + drive("file='/home/x/virtio-win-0.1.171.iso' startupPolicy='requisite'");
    expect(judgeDomain(rule, { devices })).toMatchObject([
      {
        status: 'fail',
        message: 'the Windows image is in the drive sda',
        evidence: [{ observed: "<source file='/home/x/Win10_1909_English_x64.iso'/>" }],
      },
      { status: 'fail', message: 'the virtio-win image is in the drive sda' },
    ]);
  });

  it('says nothing without a CD-ROM drive, and of other guests', () => {
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
    const guest = { os: 'linux', version: null, because: 'a test' } as const;
    expect(judgeOneDomain(rule, aDocument(aDefinition({ devices: drive("file='/iso/Win11.iso'") }), { guest }))).toMatchObject({
      status: 'not-applicable',
    });
  });
});
