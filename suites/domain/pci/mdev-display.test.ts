import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './mdev-display.ts';

const GRAPHICS = "<graphics type='vnc'/><video><model type='none'/></video>";
const judge = (attributes: string, others = GRAPHICS) =>
  judgeOneDomain(rule, { gpu: false, devices: `<hostdev type='mdev' model='vfio-pci' ${attributes}/>${others}` });

describe(rule.id, () => {
  it('passes with graphics and ramfb', () => {
    expect(judge("display='on' ramfb='on'")).toMatchObject({ status: 'pass' });
  });

  it('fails without graphics, as libvirt does', () => {
    expect(judge("display='on'", '')).toMatchObject({ status: 'fail', severity: 'blocker', evidence: [{ observed: "display='on'" }] });
  });

  it('advises ramfb, more mildly beside another video device', () => {
    expect(judge("display='on'")).toMatchObject({ status: 'fail', severity: 'minor' });
    expect(judge("display='on'", "<graphics type='vnc'/>")).toMatchObject({ status: 'fail', severity: 'info' });
  });

  it('says nothing of a slice without display', () => {
    expect(judge("display='off'")).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
  });
});
