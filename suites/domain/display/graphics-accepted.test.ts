import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aQemu } from '../../../test/facts.ts';
import rule from './graphics-accepted.ts';

const NO_HOST = { qemu: NO_HOST_FACT };
const GL = "<graphics type='spice' autoport='yes'>\n<gl enable='yes'/></graphics>";
const judgeGl = (facts: Parameters<typeof rule.judge>[1]) => judgeOneDomain(rule, { devices: GL }, facts);

const vnc = (password: string) => ({ devices: `<graphics type='vnc' port='-1' passwd='${password}'/>` });

describe(rule.id, () => {
  it.each([
    "<graphics type='spice'/><graphics type='vnc'/><graphics type='egl-headless'/>",
    "<graphics type='spice'><listen type='none'/><gl enable='yes'/></graphics>",
    "<graphics type='vnc' listen='127.0.0.1'><listen type='address' address='127.0.0.1'/></graphics>",
    "<video><model type='none'/></video>",
    "<video><model type='qxl'/></video><video><model type='qxl'/></video>",
    "<video><model type='virtio'><acceleration accel3d='yes'/></model></video>",
    "<video><model type='qxl'><acceleration accel3d='no'/></model></video>",
  ])('passes %s', (devices) => expect(judgeOneDomain(rule, { devices }, NO_HOST)).toMatchObject({ status: 'pass' }));

  it.each([
    ["<graphics type='vnc'/>\n<graphics type='vnc'/>", 'the domain has 2 vnc servers, and QEMU takes one of a kind'],
    ["<graphics type='vnc'><listen type='address'/>\n<listen type='address' address='::'/></graphics>", 'QEMU listens at one place only'],
    [
      "<graphics type='sdl'/>\n<graphics type='vnc' listen='127.0.0.1'><listen type='address' address='::'/></graphics>",
      'listen says 127.0.0.1, and <listen> ::: libvirt wants the same',
    ],
    ["<graphics type='sdl'/>\n<graphics type='egl-headless'/>", 'egl-headless goes together with VNC and SPICE only'],
    [
      "<video><model type='vga'/></video>\n<video><model type='none'/></video>",
      '"none" stands beside another video device, which libvirt refuses',
    ],
    [
      "<video><model type='qxl'>\n<acceleration accel3d='yes'/></model></video>",
      'only virtio has 3D acceleration, and the video device is qxl',
    ],
  ])('fails on %s', (devices, message) => {
    const outcome = judgeOneDomain(rule, { devices }, NO_HOST);
    expect(outcome).toMatchObject({ status: 'fail', message });
    expect(outcome).toHaveProperty('evidence.0.source', 'win11.xml:10');
  });

  it('fails on OpenGL over the network, for a QEMU that is known to refuse it', () => {
    expect(judgeGl({ qemu: { ok: true, value: aQemu([10, 0, 9]) } })).not.toHaveProperty('severity');
    expect(judgeGl({ qemu: { ok: true, value: aQemu([10, 0, 9]) } })).toMatchObject({ status: 'fail' });
    expect(judgeGl(NO_HOST)).toMatchObject({ status: 'fail', severity: 'major' });
    expect(judgeGl({ qemu: { ok: true, value: aQemu([10, 1, 0]) } })).toMatchObject({ status: 'pass' });
  });

  it('says nothing of a definition without graphics', () => {
    expect(judgeOneDomain(rule, {}, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });

  it('fails for a password of VNC with more than eight characters', () => {
    expect(judgeDomain(rule, vnc('12345678'), { qemu: NO_HOST_FACT }).map(({ status }) => status)).toEqual(['pass']);
    const [outcome] = judgeDomain(rule, vnc('123456789'), { qemu: NO_HOST_FACT });
    expect(outcome).toMatchObject({ status: 'fail', message: 'the password of VNC has 9 characters, and libvirt takes 8' });
    expect(JSON.stringify(outcome)).not.toContain('123456789');
  });
});
