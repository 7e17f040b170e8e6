import { usesLookingGlass, windowsGuest } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { graphicsOf } from '../../../src/domain/graphics.ts';
import { all, attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { type Evidence, notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import { usesTwoFrames } from '../../../src/looking-glass/memory-size.ts';
import { releaseInUse } from '../display-looking-glass.ts';

export default defineDomainRule({
  id: 'domain/display/looking-glass-input',
  title: 'The mouse of Looking Glass is not a tablet',
  severity: 'minor',
  wantsHost: ['lookingGlassClient', 'lookingGlass'],
  applies: [usesLookingGlass, windowsGuest],
  why: 'The client sends movements, which a tablet does not take: the pointer jumps, or the view of a game spins.',
  sources: [
    'https://looking-glass.io/docs/B7/install_libvirt/#keyboard-mouse-display-audio',
    'https://github.com/gnif/LookingGlass/blob/master/doc/input.rst',
  ],
  evaluate(document, facts) {
    const [spice] = graphicsOf(document, 'spice');
    if (spice === undefined) return notApplicable('the domain has no SPICE server, so the client sends no input');
    const inputs = all(document.root, 'devices', 'input');
    const tablets = inputs.filter((input) => attribute(input, 'type') === 'tablet');
    if (tablets.length > 0) return tablets.map((tablet) => refuse(document, tablet));
    const known = releaseInUse(facts);
    const isVirtio = inputs.some((input) => attribute(input, 'type') === 'mouse' && attribute(input, 'bus') === 'virtio');
    if (isVirtio || known === null || !usesTwoFrames(known.release)) return passAt(document, spice);
    return advise(document, spice, known.evidence);
  },
});

function refuse(document: DomainDocument, tablet: XmlElement): Outcome {
  return failAt(document, tablet, 'a tablet takes the mouse of the SPICE client over', {
    remedy: xmlRemedy(document, 'Take the tablet away; virt-viewer then needs a click to catch the mouse'),
  });
}

/** Up to B7. Later ones are content with PS/2, or do without SPICE. */
function advise(document: DomainDocument, spice: XmlElement, evidence: Evidence): Outcome {
  return failAt(document, spice, 'the PS/2 mouse has no buttons for back and forward', {
    evidence: [evidence],
    remedy: xmlRemedy(document, 'Add a virtio mouse and keyboard, and install their driver (vioinput) in Windows', {
      inside: '<devices>',
      write: "<input type='mouse' bus='virtio'/>\n<input type='keyboard' bus='virtio'/>",
    }),
    severity: 'info',
  });
}
