import { windowsGuest } from '../../../src/domain/applies.ts';
import { graphicsOf, videoDevices } from '../../../src/domain/graphics.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import { passesGpu } from '../display-gpu.ts';
import { installMedium } from '../display-install.ts';

export default defineDomainRule({
  id: 'domain/display/install-screen',
  title: 'The installer of Windows has a screen',
  severity: 'info',
  wantsHost: ['pciDevices'],
  applies: [windowsGuest],
  why: 'Without an emulated screen the installer shows only on a monitor at the GPU, and "Press any key to boot from CD" only there: where nothing is plugged in, the VM seems to hang.',
  sources: [
    'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#Setting_up_the_guest_OS',
    'https://libvirt.org/formatdomain.html#video-devices',
  ],
  evaluate(document, { pciDevices }) {
    const gpu = passesGpu(document, pciDevices);
    if (gpu.answer === 'no') return notApplicable(gpu.reason);
    const medium = installMedium(document);
    if (medium === null) return notApplicable('no medium that Windows is installed from is in a drive');
    const screen = videoDevices(document).find(({ model }) => model !== 'none');
    if (screen !== undefined) return passAt(document, screen.element);
    const server = graphicsOf(document)[0] ?? first(document.root, 'devices', 'video');
    return failAt(document, medium, 'the installer shows only on a monitor or dummy plug at the GPU: the domain has no emulated screen', {
      evidence: [{ source: document.label, observed: server === undefined ? 'neither <video> nor <graphics>' : 'no emulated screen' }],
      remedy: xmlRemedy(
        document,
        'Plug a monitor into the GPU and use a passed keyboard; or give the VM a screen until Windows has the driver of the GPU',
        { inside: '<devices>', write: "<graphics type='spice' autoport='yes'/>\n<video>\n  <model type='vga'/>\n</video>" },
      ),
    });
  },
});
