import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { presentDevices, sourceSpot } from '../pci-passthrough.ts';

export default defineDomainRule({
  id: 'domain/pci/host-keyboard',
  title: 'The USB controllers that the domain is given leave the host a keyboard',
  severity: 'major',
  host: ['pciDevices', 'inputDevices'],
  why: 'A USB controller takes everything along that is plugged into it: without another keyboard nobody can type on the host until the domain stops.',
  sources: ['https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate(document, { pciDevices, inputDevices }) {
    const given = presentDevices(document, pciDevices);
    const addresses = new Set(given.map(({ device }) => device.address));
    const keyboards = inputDevices.filter(({ kind }) => kind === 'keyboard');
    const staying = keyboards.filter(({ controller }) => controller === null || !addresses.has(controller));
    return given.flatMap(({ given: from, device }): readonly Outcome[] => {
      if (!device.classCode.startsWith('0c03')) return [];
      const leaving = inputDevices.filter(({ controller }) => controller === device.address);
      const [keyboard] = leaving.filter(({ kind }) => kind === 'keyboard');
      if (keyboard === undefined || staying.length > 0)
        return [passAt(document, sourceSpot(from), staysMessage(staying[0]?.name, keyboard?.name))];
      return [
        failAt(document, sourceSpot(from), `${device.address} takes the only keyboard of the host along: ${keyboard.name}`, {
          evidence: leaving.map(({ id, name, kind }) => ({ source: `/sys/class/input/${id}`, observed: `${kind}: ${name}` })),
          remedy: xmlRemedy(
            document,
            'Plug a keyboard for the host into another controller, or prepare SSH; to share one keyboard, use <input type="evdev"> in place of the controller',
          ),
        }),
      ];
    });
  },
});

function staysMessage(staying: string | undefined, leaving: string | undefined): string | undefined {
  return leaving === undefined ? undefined : `${leaving} goes to the guest, ${staying ?? 'another one'} stays`;
}
