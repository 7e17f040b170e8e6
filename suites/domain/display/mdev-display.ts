import type { DomainDocument } from '../../../src/domain/document.ts';
import { graphicsOf, videoDevices } from '../../../src/domain/graphics.ts';
import { all, attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/display/mdev-display',
  title: 'The display of a passed device has a server that shows it',
  severity: 'blocker',
  why: 'libvirt refuses display="on" without graphics, and QEMU a boot display (ramfb) without display. Without ramfb the screen stays black until the driver of the guest runs.',
  sources: ['https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate: (document) =>
    all(document.root, 'devices', 'hostdev')
      .filter((device) => ['mdev', 'pci'].includes(attribute(device, 'type') ?? ''))
      .flatMap((device) => judge(document, device) ?? []),
});

/** Null: it has nothing to do with displays. */
function judge(document: DomainDocument, device: XmlElement): Outcome | null {
  const display = attribute(device, 'display');
  const ramfb = attribute(device, 'ramfb');
  if (display !== 'on' && ramfb !== 'on') return null;
  const spot = { element: device, attribute: display === 'on' ? 'display' : 'ramfb' };
  const model = attribute(device, 'model');
  if (attribute(device, 'type') === 'mdev' && model !== 'vfio-pci') {
    return failAt(
      document,
      spot,
      `only devices of the model vfio-pci have a display, and this one is ${model?.slice(0, 20) ?? 'of no model'}`,
      {
        remedy: xmlRemedy(document, 'Take display and ramfb away from the device'),
      },
    );
  }
  if (display !== 'on') {
    return failAt(document, spot, "ramfb='on' needs display='on'", {
      expected: "display='on' ramfb='on'",
      remedy: xmlRemedy(document, 'Switch the display on, or ramfb off'),
    });
  }
  if (graphicsOf(document).length === 0) {
    return failAt(document, spot, "display='on' needs graphics, and the domain has none", {
      expected: "<graphics type='spice'>",
      remedy: xmlRemedy(document, 'Add graphics, or switch the display off', {
        inside: '<devices>',
        write: "<graphics type='spice'>\n  <listen type='none'/>\n  <gl enable='yes'/>\n</graphics>",
      }),
    });
  }
  const hasOther = videoDevices(document).some(({ model: video }) => video !== 'none');
  if (ramfb === 'on' || hasOther) return passAt(document, spot);
  return failAt(document, spot, 'nothing shows the boot of the guest: the display begins with its driver', {
    expected: "ramfb='on'",
    remedy: xmlRemedy(document, "Add ramfb='on' to the device"),
    severity: 'minor',
  });
}
