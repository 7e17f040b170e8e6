import { type BootDevice, bootDevices, osBootElements } from '../../../src/domain/boot-order.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { removeElement } from '../../../src/domain/edit.ts';
import { attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/storage/boot-order',
  title: 'The boot order is said in one way, and every place in it is taken once',
  severity: 'blocker',
  why: 'libvirt refuses a definition that mixes <boot dev> with the orders of devices, or that gives one order to two devices.',
  sources: ['https://libvirt.org/formatdomain.html#operating-system-booting'],
  evaluate(document) {
    const devices = bootDevices(document);
    const listed = osBootElements(document);
    const outcomes = [...mixed(document, listed, devices), ...withoutNumber(document, devices), ...twice(document, devices)];
    const spot = devices[0]?.boot ?? listed[0];
    if (outcomes.length > 0 || spot === undefined) return outcomes;
    return passAt(document, spot);
  },
});

function mixed(document: DomainDocument, listed: readonly XmlElement[], devices: readonly BootDevice[]): readonly Outcome[] {
  const [list] = listed;
  const [own] = devices;
  if (list === undefined || own === undefined) return [];
  const isClear = meanTheSame(listed, devices);
  return [
    failAt(document, list, "<os> has <boot dev='…'/>, and devices have <boot order='…'/> too", {
      expected: 'one of the two',
      remedy: xmlRemedy(
        document,
        isClear
          ? 'Remove <boot dev> from <os>: the orders of the devices say the same'
          : 'Remove <boot dev> from <os>, or the orders of the devices',
      ),
      evidence: [seenAt(document, own.boot)],
      edits: isClear ? listed.map((element) => removeElement(document, element)) : [],
    }),
  ];
}

/** Do the orders of the devices try the same kinds of devices in the same sequence? A host device can be any kind. */
function meanTheSame(listed: readonly XmlElement[], devices: readonly BootDevice[]): boolean {
  const sorted = devices.toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0)).map(({ bootClass }) => bootClass);
  const classes = [...new Set(sorted)];
  const wanted = listed.map((element) => attribute(element, 'dev'));
  return wanted[0] === classes[0] && wanted.join() === classes.filter((word) => wanted.includes(word)).join();
}

function withoutNumber(document: DomainDocument, devices: readonly BootDevice[]): readonly Outcome[] {
  return devices
    .filter(({ order }) => order === null)
    .map(({ boot }) => {
      const written = attribute(boot, 'order');
      const what = written === null ? 'has no order' : `has the order '${written.slice(0, 40)}'`;
      return failAt(document, { element: boot, attribute: 'order' }, `a boot device ${what}`, {
        expected: 'a whole number from 1 on',
        remedy: xmlRemedy(document, 'Number the boot devices from 1 on, or remove this <boot>'),
      });
    });
}

function twice(document: DomainDocument, devices: readonly BootDevice[]): readonly Outcome[] {
  const taken = new Map<number, BootDevice>();
  return devices.flatMap((device) => {
    if (device.order === null) return [];
    const other = taken.get(device.order);
    if (other === undefined) {
      taken.set(device.order, device);
      return [];
    }
    return [
      failAt(document, { element: device.boot, attribute: 'order' }, `two devices have the boot order ${device.order}`, {
        expected: 'an order of its own',
        remedy: xmlRemedy(document, 'Give every boot device an order of its own'),
        evidence: [seenAt(document, other.boot)],
      }),
    ];
  });
}
