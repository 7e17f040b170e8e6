import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './mdev-display.ts';

const mdev = (attributes: string, model = 'vfio-pci') =>
  `<hostdev mode='subsystem' type='mdev' model='${model}' ${attributes}><source><address uuid='53764d0e-85a0-42b4-af5c-2046b460b1dc'/></source></hostdev>`;
const VNC = "<graphics type='vnc'/>";
const NONE = "<video><model type='none'/></video>";
const judge = (devices: string) => judgeOneDomain(rule, { devices, gpu: false });

describe(rule.id, () => {
  it.each([
    ['a boot display', mdev("display='on' ramfb='on'") + VNC + NONE],
    ['an emulated video device beside it', mdev("display='on'") + VNC],
    ['a PCI device', `<hostdev type='pci' display='on' ramfb='on'/>${VNC}${NONE}`],
  ])('passes %s', (_, devices) => expect(judge(devices)).toMatchObject({ status: 'pass' }));

  it('fails without graphics', () => {
    expect(judge(mdev("display='on'"))).toMatchObject({
      status: 'fail',
      message: "display='on' needs graphics, and the domain has none",
      evidence: [{ source: 'win11.xml:9', observed: "display='on'", expected: "<graphics type='spice'>" }],
    });
  });

  it('fails on a boot display alone, and on a device that has no display', () => {
    expect(judge(mdev("ramfb='on'") + VNC)).toMatchObject({ status: 'fail', message: "ramfb='on' needs display='on'" });
    expect(judge(mdev("display='on'", 'vfio-ccw') + VNC)).toMatchObject({ status: 'fail' });
  });

  it('advises a boot display', () => expect(judge(mdev("display='on'") + VNC + NONE)).toMatchObject({ status: 'fail', severity: 'minor' }));

  it.each(['', mdev(''), mdev("display='off' ramfb='off'")])('says nothing of "%s"', (devices) => {
    expect(judge(devices)).toMatchObject({ status: 'not-applicable' });
  });
});
