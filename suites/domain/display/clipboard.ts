import { usesLookingGlass } from '../../../src/domain/applies.ts';
import { graphicsOf } from '../../../src/domain/graphics.ts';
import { all, attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';

const NAME = 'com.redhat.spice.0';

export default defineDomainRule({
  id: 'domain/display/clipboard',
  title: 'Client and guest can share the clipboard',
  // Some do not want to: nothing is wrong.
  severity: 'info',
  applies: [usesLookingGlass],
  why: 'Copy and paste between host and guest needs a channel for the agent of SPICE in the guest.',
  sources: ['https://looking-glass.io/docs/B7/install_libvirt/#clipboard-synchronization'],
  evaluate(document) {
    const [spice] = graphicsOf(document, 'spice');
    if (spice === undefined) return notApplicable('the domain has no SPICE server');
    const channel = all(document.root, 'devices', 'channel').find(
      (candidate) => attribute(candidate, 'type') === 'spicevmc' && (attribute(first(candidate, 'target'), 'name') ?? NAME) === NAME,
    );
    if (channel !== undefined) return passAt(document, channel);
    return failAt(document, spice, `there is no channel ${NAME}, so the clipboard is not shared`, {
      remedy: xmlRemedy(document, 'Add the channel when you want to share it, and install the SPICE guest tools in Windows', {
        inside: '<devices>',
        write: `<channel type='spicevmc'>\n  <target type='virtio' name='${NAME}'/>\n</channel>`,
      }),
    });
  },
});
