import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './usb-controller.ts';

const controller = (attributes: string): string => `<controller type='usb' index='0' ${attributes}/>`;
const REDIRECTED = "<redirdev bus='usb' type='spicevmc'/>";
const USED = `${REDIRECTED.repeat(2)}<input type='tablet' bus='usb'/><hostdev mode='subsystem' type='usb'/>`;

describe(rule.id, () => {
  it.each([
    controller("model='qemu-xhci' ports='15'"),
    controller("model='qemu-xhci'"),
    controller("model='nec-xhci'"),
    controller("model='qemu-xhci' ports='0'"),
    controller("model='piix3-uhci'") + controller("model='qemu-xhci'"),
    `${controller("model='qemu-xhci'")}${USED}`,
    `${controller("model='qemu-xhci' ports='15'")}${REDIRECTED.repeat(15)}`,
  ])('passes %s', (devices) => {
    expect(judgeOneDomain(rule, { devices })).toMatchObject({ status: 'pass' });
  });

  it.each([
    ["model='piix3-uhci'", 'the USB controller is piix3-uhci, which knows no USB 3'],
    ["model='ich9-ehci1'", 'the USB controller is ich9-ehci1, which knows no USB 3'],
    ['', 'the USB controller has no model, so libvirt takes the USB 1 one of the PIIX3'],
  ])('fails with %s', (attributes, message) => {
    expect(judgeOneDomain(rule, { devices: controller(attributes) })).toMatchObject({ status: 'fail', message });
  });

  it('fails, and makes more ports, where libvirt would add a hub', () => {
    const devices = controller("model='qemu-xhci'") + USED + REDIRECTED;
    expect(judgeOneDomain(rule, { devices })).toMatchObject({
      status: 'fail',
      message: '5 USB devices share 4 ports, so libvirt adds a hub of USB 1',
    });
    expect(fixed(rule, { devices })).toContain("model='qemu-xhci' ports='15'/>");
  });

  it('leaves the choice to a person where no number of ports is enough', () => {
    const outcome = judgeOneDomain(rule, { devices: controller("model='qemu-xhci' ports='15'") + REDIRECTED.repeat(16) });
    expect(outcome).toMatchObject({ status: 'fail', message: '16 USB devices share 15 ports' });
    expect(outcome).not.toHaveProperty('edits');
  });

  it('is a blocker with more ports than libvirt takes', () => {
    const devices = controller("model='qemu-xhci' ports='16'");
    expect(judgeOneDomain(rule, { devices })).toMatchObject({ status: 'fail', severity: 'blocker' });
    expect(fixed(rule, { devices })).toContain("ports='15'");
  });

  it('says nothing without USB, where libvirt chooses, and of Windows 7', () => {
    expect(judgeOneDomain(rule, { devices: controller("model='none'") })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { os: 'win/7', devices: controller("model='ich9-ehci1'") })).toMatchObject({ status: 'not-applicable' });
  });

  it('says nothing of an old controller for a guest that may know no other, and replaces it where it is', () => {
    expect(judgeOneDomain(rule, { os: null, devices: controller("model='piix3-uhci'") })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { devices: controller("model='piix3-uhci'") })).toMatchObject({
      remedy: { steps: [{ text: expect.stringMatching(/^instead of <controller type='usb'/) }] },
    });
  });
});
