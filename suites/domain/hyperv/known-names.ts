import type { DomainDocument } from '../../../src/domain/document.ts';
import { enlightenmentsOf } from '../../../src/domain/enlightenments.ts';
import type { XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { isAtLeast, type Version, versionText } from '../hyperv-versions.ts';

/** The release of libvirt from which on it knows an enlightenment, of those that came after 4.10. */
const LATER: Readonly<Record<string, Version>> = { avic: [8, 10], emsr_bitmap: [10, 7], xmm_input: [10, 7] };
const ALWAYS = new Set(
  'relaxed vapic spinlocks vpindex runtime synic stimer reset vendor_id frequencies reenlightenment tlbflush ipi evmcs'.split(' '),
);

/** The release whose documentation the table was read from. */
const READ_IN: Version = [11, 3];

export default defineDomainRule({
  id: 'domain/hyperv/known-names',
  title: 'libvirt knows each enlightenment',
  severity: 'blocker',
  wantsHost: ['libvirt'],
  why: 'libvirt refuses the whole definition: "unsupported HyperV Enlightenment feature".',
  sources: ['https://libvirt.org/formatdomain.html#hypervisor-features'],
  evaluate(document, { libvirt }) {
    const { mode, block, written } = enlightenmentsOf(document.root);
    if (block === undefined || mode !== 'custom') return [];
    const host = libvirt.ok ? libvirt.value.version : null;
    const found = [...written.values()].flatMap((element) => judge(document, element, host) ?? []);
    return found.length === 0 ? passAt(document, block) : found;
  },
});

function judge(document: DomainDocument, element: XmlElement, host: Version | null): Outcome | null {
  const { name } = element;
  if (ALWAYS.has(name)) return null;
  const since = Object.hasOwn(LATER, name) ? LATER[name] : undefined;
  const shown = name.slice(0, 40);
  if (since !== undefined) {
    if (host === null || isAtLeast(host, since)) return null;
    return failAt(document, element, `libvirt ${versionText(host)} of this host does not know ${shown}`, {
      expected: `libvirt ${versionText(since)} or newer`,
      remedy: xmlRemedy(document, `Remove <${shown}>, or update libvirt to ${versionText(since)}`),
    });
  }
  const isCertain = host !== null && !isAtLeast(host, READ_IN);
  const who = isCertain ? `libvirt ${versionText(host)} of this host` : `libvirt up to ${versionText(READ_IN)}`;
  return failAt(document, element, `${who} knows no enlightenment ${shown}`, {
    remedy: xmlRemedy(document, `Remove <${shown}>, or mend its name`),
    ...(isCertain ? {} : { severity: 'major' }),
  });
}
