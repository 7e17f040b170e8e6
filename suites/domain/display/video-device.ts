import { usesLookingGlass, windowsGuest } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { graphicsOf, videoDevices } from '../../../src/domain/graphics.ts';
import { attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import { passesGpu } from '../display-gpu.ts';
import { installMedium } from '../display-install.ts';

export default defineDomainRule({
  id: 'domain/display/video-device',
  title: 'Windows has no emulated screen beside that of the GPU, or one that stays in the background',
  severity: 'major',
  wantsHost: ['pciDevices'],
  applies: [windowsGuest],
  why: 'Windows takes an emulated graphics card for a second monitor, often for the main one: the login, windows and the pointer go where nobody looks.',
  sources: [
    'https://looking-glass.io/docs/B7/install_libvirt/#keyboard-mouse-display-audio',
    'https://libvirt.org/formatdomain.html#video-devices',
    'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#Setting_up_the_guest_OS',
  ],
  evaluate(document, { pciDevices }) {
    const gpu = passesGpu(document, pciDevices);
    if (gpu.answer === 'no') return notApplicable(gpu.reason);
    const emulated = videoDevices(document).filter(({ model }) => model !== 'none');
    if (emulated.length === 0) {
      const none = first(document.root, 'devices', 'video');
      return none === undefined ? passWithout(document, 'neither <video> nor <graphics>') : passAt(document, none);
    }
    const install = installMedium(document);
    return emulated.map(({ element, model }) =>
      usesLookingGlass(document) === null
        ? withLookingGlass(document, element, model, install)
        : withScreen(document, element, model, { install, because: gpu.because }),
    );
  },
});

/** The documentation wants `vga`: Windows has only its basic driver for it, and the client falls back to it. */
function withLookingGlass(document: DomainDocument, element: XmlElement, model: string | null, install: XmlElement | null): Outcome {
  if (model === 'vga') return passAt(document, element, 'the screen that the client falls back to');
  return failAt(
    document,
    first(element, 'model') ?? element,
    `Looking Glass wants vga or none, and the emulated graphics card is ${nameOf(model)}`,
    {
      expected: "<model type='vga'/>",
      remedy: xmlRemedy(
        document,
        'Let it be vga, without the attributes ram and vgamem, where the client is to have something to fall back to, else none',
        {
          ...modelPlace(element),
          write: "<model type='vga'/>",
        },
      ),
      ...(install === null ? {} : { severity: 'minor' as const, evidence: [seenAt(document, install)] }),
    },
  );
}

interface Screen {
  readonly install: XmlElement | null;
  readonly because: string;
}

/** With a monitor at the GPU an emulated card is a spare console for some: nothing is broken. */
function withScreen(document: DomainDocument, element: XmlElement, model: string | null, { install, because }: Screen): Outcome {
  if (install !== null) return passAt(document, element, 'Windows is being installed, which needs a screen before the driver of the GPU');
  const spot = model === null ? element : (first(element, 'model') ?? element);
  const shows = graphicsOf(document).map((graphics) => attribute(graphics, 'type'));
  const server = shows.includes('vnc') ? 'VNC' : 'SPICE';
  const seen = shows.some((type) => type === 'vnc' || type === 'spice') ? `which only ${server} shows` : 'which nobody sees';
  return failAt(document, spot, `Windows has a second screen, ${nameOf(model)}, ${seen} (${because})`, {
    expected: "<model type='none'/>",
    remedy: xmlRemedy(
      document,
      'When the driver of the GPU is installed, let the model be none; keep it where you use it as a spare console',
      {
        ...modelPlace(element),
        write: "<model type='none'/>",
      },
    ),
    severity: 'minor',
  });
}

/** A whole new model: those that are left have other attributes. */
function modelPlace(video: XmlElement): { readonly inside: string; readonly within?: XmlElement } | { readonly instead: XmlElement } {
  const model = video.name === 'video' ? first(video, 'model') : undefined;
  if (model !== undefined) return { instead: model };
  return video.name === 'video' ? { inside: '<video>', within: video } : { inside: '<video>' };
}

function nameOf(model: string | null): string {
  return model === null ? 'the one that libvirt adds to <graphics>' : model.slice(0, 20);
}
