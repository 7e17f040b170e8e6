import type { DomainDocument } from '../../../src/domain/document.ts';
import { mediatedDevices } from '../../../src/domain/host-devices.ts';
import { all, attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/pci/mdev-display',
  title: 'The display of a virtual GPU has graphics to show it, and ramfb for the time before its driver',
  severity: 'minor',
  why: 'QEMU shows the display of a mediated device through a graphics device, which libvirt demands. Until the driver of the guest runs, only ramfb shows anything.',
  sources: ['https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate: (document) =>
    mediatedDevices(document).flatMap((element): readonly Outcome[] =>
      attribute(element, 'display') === 'on' ? [judge(document, element)] : [],
    ),
});

function judge(document: DomainDocument, element: XmlElement): Outcome {
  const spot = { element, attribute: 'display' };
  if (all(document.root, 'devices', 'graphics').length === 0)
    return failAt(document, spot, "display='on' without a <graphics> device, which libvirt refuses", {
      remedy: xmlRemedy(document, "Add a graphics device, or set display='off'", {
        inside: '<devices>',
        write: "<graphics type='spice'><listen type='none'/><gl enable='yes'/></graphics>",
      }),
      severity: 'blocker',
    });
  if (attribute(element, 'ramfb') === 'on') return passAt(document, spot);
  return failAt(document, spot, "display='on' without ramfb: the guest shows nothing before its driver runs", {
    expected: "ramfb='on'",
    remedy: xmlRemedy(document, "Set ramfb='on' at this hostdev, unless another video device shows the start"),
    severity: document.domain.hasVideo ? 'info' : 'minor',
  });
}
