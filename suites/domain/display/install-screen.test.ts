import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aPciDevice, known } from '../../../test/facts.ts';
import rule from './install-screen.ts';

const cd = (file: string) => `<disk type='file' device='cdrom'><source file='${file}'/><target dev='sdb' bus='sata'/></disk>`;
const MEDIUM = cd('/iso/Win11_25H2_English_x64.iso');
const facts = { pciDevices: known([aPciDevice()]) };
const judge = (devices: string) => judgeOneDomain(rule, { devices }, facts);

describe(rule.id, () => {
  it('says where the installer is seen without an emulated screen', () => {
    const found = { status: 'fail', message: expect.stringContaining('only on a monitor or dummy plug at the GPU') };
    expect(judge(MEDIUM)).toMatchObject({ ...found, location: { line: 9 } });
    expect(judge(`${MEDIUM}<video><model type='none'/></video>`)).toMatchObject(found);
  });

  it('passes with one, also with the one that libvirt adds to <graphics>', () => {
    expect(judge(`${MEDIUM}<video><model type='qxl'/></video>`)).toMatchObject({ status: 'pass' });
    expect(judge(`${MEDIUM}<graphics type='spice'/>`)).toMatchObject({ status: 'pass' });
  });

  it('is not applicable without a medium, with drivers only, without a GPU, and to Linux', () => {
    const outcomes = [
      judge(''),
      judge(cd('/iso/virtio-win-0.1.285.iso')),
      judge("<disk type='file' device='cdrom'/>"),
      judgeOneDomain(rule, { devices: MEDIUM, gpu: false }, { pciDevices: NO_HOST_FACT }),
      judgeOneDomain(rule, { devices: MEDIUM, os: null, name: 'ubuntu' }, facts),
    ];
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'not-applicable'));
  });
});
