import { usesLookingGlass } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { evdevInputs } from '../../../src/domain/evdev.ts';
import { graphicsOf, hasPort } from '../../../src/domain/graphics.ts';
import { all, attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { usesTwoFrames } from '../../../src/looking-glass/memory-size.ts';
import { releaseInUse } from '../display-looking-glass.ts';

const SERVER = "<graphics type='spice' autoport='yes'>\n  <listen type='address'/>\n</graphics>";

export default defineDomainRule({
  id: 'domain/display/looking-glass-spice',
  title: 'The client of Looking Glass reaches the guest by SPICE',
  severity: 'minor',
  wantsHost: ['lookingGlassClient', 'lookingGlass'],
  applies: [usesLookingGlass],
  why: 'Keyboard, mouse, clipboard and sound go by SPICE: without it the client of B7 and before only shows the picture, and later ones have nothing to fall back to.',
  sources: [
    'https://looking-glass.io/docs/B7/install_libvirt/#keyboard-mouse-display-audio',
    'https://github.com/gnif/LookingGlass/blob/master/doc/input.rst',
  ],
  evaluate(document, facts) {
    const [spice] = graphicsOf(document, 'spice');
    const remedy = xmlRemedy(document, 'Give the domain a SPICE server with a port', { inside: '<devices>', write: SERVER });
    if (spice === undefined) {
      const spot = first(document.root, 'devices') ?? document.root;
      const other = otherInput(document);
      if (other !== null) return passAt(document, spot, `no SPICE; keyboard and mouse come by ${other}`);
      const known = releaseInUse(facts);
      const isLater = known !== null && !usesTwoFrames(known.release);
      const message = isLater
        ? 'without a SPICE server the client has neither clipboard nor sound, and no other picture when that of the GPU fails'
        : 'without a SPICE server the client sends neither keyboard nor mouse to the guest';
      return failAt(document, spot, message, { remedy, ...(known === null ? {} : { evidence: [known.evidence] }) });
    }
    const isSocket = all(spice, 'listen').some((listen) => attribute(listen, 'type') === 'socket');
    if (hasPort(spice) || isSocket) return passAt(document, spice);
    return failAt(document, spice, 'the SPICE server has no port, so the client of Looking Glass cannot reach it', {
      expected: "autoport='yes'",
      remedy,
    });
  },
});

/** How the guest gets a keyboard else; null: not at all. */
function otherInput(document: DomainDocument): string | null {
  if (evdevInputs(document).length > 0) return 'evdev';
  const isUsb = all(document.root, 'devices', 'hostdev').some((device) => attribute(device, 'type') === 'usb');
  return isUsb ? 'USB devices of the host' : null;
}
