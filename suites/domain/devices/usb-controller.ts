import type { Applicability } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { setAttribute } from '../../../src/domain/edit.ts';
import { wholeNumber } from '../../../src/domain/whole-number.ts';
import { all, attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome } from '../../../src/engine/outcome.ts';

/** Windows before 8 brings no driver for USB 3 controllers. */
const hasUsb3Driver: Applicability = ({ guest }) =>
  guest.os === 'windows' && ['7', 'xp', 'vista', '2003', '2008', '2008r2'].includes(guest.version ?? '')
    ? `Windows ${guest.version} has no driver for a USB 3 controller`
    : null;

/** What libvirt gives an xHCI controller when nothing is said, and the most that QEMU takes. */
const PORTS = { unless: 4, most: 15 } as const;

export default defineDomainRule({
  id: 'domain/devices/usb-controller',
  title: 'USB devices are at a USB 3 controller with a port for each',
  severity: 'minor',
  why: 'Emulated USB 1 and 2 controllers poll all the time, which costs CPU time; devices beyond the ports share a hub with the speed of USB 1.',
  sources: ['https://libvirt.org/formatdomain.html#controllers', 'https://www.qemu.org/docs/master/system/devices/usb.html'],
  applies: [hasUsb3Driver],
  evaluate(document) {
    const controllers = all(document.root, 'devices', 'controller').filter((controller) => attribute(controller, 'type') === 'usb');
    const fast = controllers.filter((controller) => attribute(controller, 'model')?.endsWith('-xhci') === true);
    const [spot] = controllers;
    if (spot === undefined || attribute(spot, 'model') === 'none') return [];
    const [only] = fast;
    if (only === undefined) {
      const { os, because } = document.guest;
      if (os !== 'windows' && os !== 'linux') return notApplicable(`the guest may have no driver for USB 3 (${because})`);
      return old(document, spot);
    }
    return fast.length === 1 ? enoughPorts(document, only) : passAt(document, only);
  },
});

function old(document: DomainDocument, controller: XmlElement): Outcome {
  const model = attribute(controller, 'model');
  const what =
    model === null ? 'has no model, so libvirt takes the USB 1 one of the PIIX3' : `is ${model.slice(0, 40)}, which knows no USB 3`;
  return failAt(document, controller, `the USB controller ${what}`, {
    expected: "model='qemu-xhci'",
    remedy: xmlRemedy(document, 'Replace the USB controllers by one of the model qemu-xhci', {
      instead: controller,
      write: `<controller type='usb' index='0' model='qemu-xhci' ports='${PORTS.most}'/>`,
    }),
  });
}

function enoughPorts(document: DomainDocument, controller: XmlElement): Outcome {
  // libvirt leaves a zero out.
  const ports = wholeNumber(attribute(controller, 'ports')) || PORTS.unless;
  const remedy = xmlRemedy(document, `Write ports='${PORTS.most}' at the USB controller`);
  const spot = { element: controller, attribute: 'ports' };
  if (ports > PORTS.most) {
    return failAt(document, spot, `the USB controller has ${ports} ports`, {
      expected: `1 to ${PORTS.most}`,
      remedy,
      severity: 'blocker',
      edits: [setAttribute(document, controller, 'ports', String(PORTS.most))],
    });
  }
  const devices = usbDevices(document);
  if (devices <= ports) return passAt(document, controller);
  const expected = `ports='${PORTS.most}'`;
  if (ports === PORTS.most) {
    return failAt(document, spot, `${devices} USB devices share ${ports} ports`, {
      expected: 'at most as many devices as ports',
      remedy: xmlRemedy(document, 'Remove redirdev and input devices that nobody uses, or add a second qemu-xhci controller'),
    });
  }
  return failAt(document, spot, `${devices} USB devices share ${ports} ports, so libvirt adds a hub of USB 1`, {
    expected,
    remedy,
    edits: devices <= PORTS.most ? [setAttribute(document, controller, 'ports', String(PORTS.most))] : [],
  });
}

/** Those that take a port, whatever gives them. */
function usbDevices({ root }: DomainDocument): number {
  return (first(root, 'devices')?.children ?? []).filter((device) => {
    if (device.namespace !== '') return false;
    if (device.name === 'hostdev') return attribute(device, 'type') === 'usb';
    if (device.name === 'disk') return attribute(first(device, 'target'), 'bus') === 'usb';
    if (device.name === 'sound') return attribute(device, 'model') === 'usb';
    return ['redirdev', 'input'].includes(device.name) && attribute(device, 'bus') === 'usb';
  }).length;
}
