import type { DomainDocument } from '../../../src/domain/document.ts';
import { ENLIGHTENMENTS, enlightenmentsOf } from '../../../src/domain/enlightenments.ts';
import { attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { isAtLeast, type Version, versionText } from '../../../src/facts/version.ts';

/** The release that {@link ENLIGHTENMENTS} was read from. */
const READ_IN: Version = [11, 3];
const AFTER_READ_IN: Version = [11, 4];

export default defineDomainRule({
  id: 'domain/hyperv/known-names',
  title: 'libvirt knows each enlightenment',
  severity: 'blocker',
  wantsHost: ['libvirt'],
  why: 'libvirt refuses the whole definition: "unsupported HyperV Enlightenment feature".',
  sources: ['https://libvirt.org/formatdomain.html#hypervisor-features'],
  evaluate(document, { libvirt }) {
    const { mode, block, written } = enlightenmentsOf(document.root);
    const host = libvirt.ok ? libvirt.value.version : null;
    if (block !== undefined && attribute(block, 'mode') === 'host-model') return hostModel(document, block, host);
    if (block === undefined || mode !== 'custom') return [];
    const found = [...written.values()].flatMap((element) => judge(document, element, host) ?? []);
    return found.length === 0 ? passAt(document, block) : found;
  },
});

/** libvirt 11.3 does not have the mode, and which release brought it is not known here. */
function hostModel(document: DomainDocument, block: XmlElement, host: Version | null): Outcome {
  const spot = { element: block, attribute: 'mode' };
  if (host === null || isAtLeast(host, AFTER_READ_IN)) return passAt(document, spot);
  return failAt(document, spot, `libvirt ${versionText(host)} of this host knows no mode host-model`, {
    remedy: xmlRemedy(document, "Write mode='custom' and the enlightenments one by one, or update libvirt"),
  });
}

function judge(document: DomainDocument, element: XmlElement, host: Version | null): Outcome | null {
  const { name } = element;
  const since = ENLIGHTENMENTS.get(name);
  const shown = name.slice(0, 40);
  if (since !== undefined) {
    if (host === null || isAtLeast(host, since)) return null;
    return failAt(document, element, `libvirt ${versionText(host)} of this host does not know ${shown}`, {
      expected: `libvirt ${versionText(since)} or newer`,
      remedy: xmlRemedy(document, `Remove <${shown}>, or update libvirt to ${versionText(since)}`),
    });
  }
  const isCertain = host !== null && !isAtLeast(host, AFTER_READ_IN);
  const who = isCertain ? `libvirt ${versionText(host)} of this host` : `libvirt up to ${versionText(READ_IN)}`;
  return failAt(document, element, `${who} knows no enlightenment ${shown}`, {
    remedy: xmlRemedy(document, `Remove <${shown}>, or mend its name`),
    ...(isCertain ? {} : { severity: 'major' }),
  });
}
