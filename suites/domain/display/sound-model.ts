import { windowsGuest } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { all, attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

/** Windows has had no driver for these since Vista (64 bits). */
const WITHOUT_DRIVER = new Set(['ac97', 'es1370', 'sb16']);

export default defineDomainRule({
  id: 'domain/display/sound-model',
  title: 'Windows has a driver for the sound card',
  severity: 'minor',
  applies: [windowsGuest],
  why: 'Windows plays nothing on a card that it has no driver for.',
  sources: [
    'https://libvirt.org/formatdomain.html#sound-devices',
    'https://looking-glass.io/docs/B7/install_libvirt/#keyboard-mouse-display-audio',
  ],
  evaluate: (document) => all(document.root, 'devices', 'sound').map((sound) => judge(document, sound)),
});

function judge(document: DomainDocument, sound: XmlElement): Outcome {
  const model = attribute(sound, 'model') ?? '';
  const spot = { element: sound, attribute: 'model' };
  const remedy = xmlRemedy(document, "Let the model be ich9, without the card's <address>");
  if (WITHOUT_DRIVER.has(model))
    return failAt(document, spot, `64-bit Windows has no driver of its own for ${model}`, { expected: "model='ich9'", remedy });
  if (model !== 'ich6') return passAt(document, spot);
  return failAt(document, spot, 'outdated advice, harmless: ich6 works, and ich9 is the card that guides and tools give today', {
    expected: "model='ich9'",
    remedy,
    severity: 'info',
  });
}
