import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import type { InputDevice } from '../../../src/facts/input-devices.ts';
import { givesHostDevice, presentDevices, sourceSpot, unseen } from '../pci-passthrough.ts';

export default defineDomainRule({
  id: 'domain/pci/host-keyboard',
  title: 'The USB controllers that the domain is given leave the host a keyboard',
  severity: 'major',
  host: ['pciDevices'],
  wantsHost: ['inputDevices'],
  applies: [givesHostDevice],
  why: 'A USB controller takes everything along that is plugged into it: without another keyboard nobody can type on the host until the domain stops.',
  sources: ['https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate(document, { pciDevices, inputDevices }) {
    const given = presentDevices(document, pciDevices);
    const usb = given.filter(({ device }) => device.classCode.startsWith('0c03'));
    if (usb.length === 0) return [];
    if (!inputDevices.ok) return unseen(inputDevices.error, 'minor');
    const inputs = inputDevices.value;
    const addresses = new Set(given.map(({ device }) => device.address));
    const staying = inputs.find(({ kind, controller }) => kind === 'keyboard' && (controller === null || !addresses.has(controller)));
    return usb.map((one) => judge(document, one, inputs, staying));
  },
});

function judge(
  document: DomainDocument,
  { given, device }: ReturnType<typeof presentDevices>[number],
  inputs: readonly InputDevice[],
  staying: InputDevice | undefined,
): Outcome {
  const leaving = inputs.filter(({ controller }) => controller === device.address);
  const keyboard = leaving.find(({ kind }) => kind === 'keyboard');
  if (keyboard === undefined) return passAt(document, sourceSpot(given));
  if (staying !== undefined) return passAt(document, sourceSpot(given), `${keyboard.name} goes to the guest, ${staying.name} stays`);
  return failAt(document, sourceSpot(given), `${device.address} takes the only keyboard of the host along: ${keyboard.name}`, {
    evidence: leaving.map(({ id, name, kind }) => ({ source: `/sys/class/input/${id}`, observed: `${kind}: ${name}` })),
    remedy: xmlRemedy(
      document,
      "Plug a keyboard for the host into another controller, or prepare SSH; to share one keyboard, use <input type='evdev'> in place of the controller",
    ),
  });
}
