import { describe, expect, it } from 'vitest';

import { aDocument, fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './balloon.ts';

const VIRTIO = `<memballoon model="virtio">
      <stats period="10"/>
      <address type="pci" domain="0x0000" bus="0x05" slot="0x00" function="0x0"/>
    </memballoon>`;

describe(rule.id, () => {
  it('passes without a balloon', () => {
    expect(judgeOneDomain(rule, { devices: "<memballoon model='none'/>" })).toMatchObject({
      status: 'pass',
      evidence: [{ source: 'win11.xml:9', observed: "<memballoon model='none'/>" }],
    });
  });

  it('fails with one, and names the line', () => {
    expect(judgeOneDomain(rule, { devices: VIRTIO })).toMatchObject({
      status: 'fail',
      message: 'the guest has a balloon (virtio)',
      evidence: [{ source: 'win11.xml:9', observed: '<memballoon model="virtio">', expected: "<memballoon model='none'/>" }],
    });
  });

  it('fails without a word of it, because libvirt then adds one', () => {
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'fail', message: 'without <memballoon> libvirt adds a balloon' });
  });

  it('writes that there is none, in the place and the quotes of the old one', () => {
    expect(fixed(rule, { devices: VIRTIO })).toContain('\n    <memballoon model="none"/>\n    <hostdev');
    expect(fixed(rule, { devices: '<memballoon model="virtio-non-transitional" autodeflate="on"/>' })).toContain(
      '<memballoon model="none"/>',
    );
    expect(fixed(rule, {})).toContain("\n    <memballoon model='none'/>\n  </devices>");
  });

  it('keeps a comment that somebody wrote into it', () => {
    const text = fixed(rule, {
      devices: "<memballoon model='virtio' autodeflate='on'>\n      <!-- keep -->\n      <stats period='10'/>\n    </memballoon>",
    });
    expect(text).toContain("<memballoon model='none'>\n      <!-- keep -->\n    </memballoon>");
  });

  it('writes into a definition without devices', () => {
    const document = aDocument(
      "<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>vm</name><qemu:commandline><qemu:arg value='vfio-pci,host=01:00.0'/></qemu:commandline></domain>",
    );
    expect(fixed(rule, document)).toContain("<memballoon model='none'/>");
  });

  it('does not apply without a passed device', () => {
    expect(judgeOneDomain(rule, { devices: VIRTIO, gpu: false })).toMatchObject({ status: 'not-applicable' });
  });
});
