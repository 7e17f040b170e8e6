import { type DefinitionChange, definitionChanges } from '../../../src/domain/definition-changes.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotCollect, couldNotLook, notApplicable } from '../../../src/engine/outcome.ts';
import { isActive } from '../../../src/facts/judged-domains.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';

/** More than these nobody reads; the rest is counted. */
const SHOWN = 6;

export default defineDomainRule({
  id: 'domain/machine/restart-pending',
  title: 'The running VM is what its definition says',
  severity: 'minor',
  wantsHost: ['definedDocuments', 'liveDomains'],
  anyGuest: true,
  why: 'What was changed in the definition takes effect with the next start; until then the VM runs as it was, and measures as it was.',
  sources: ['https://libvirt.org/manpages/virsh.html#edit', 'https://libvirt.org/formatdomain.html'],
  evaluate(document, { definedDocuments, liveDomains }) {
    if (!document.isDefined) return notApplicable('a file, not a domain of libvirt');
    const uuid = document.domain.uuid?.toLowerCase() ?? '';
    if (!definedDocuments.ok) return couldNotCollect(definedDocuments.error, 'look at it by hand');
    const known = definedDocuments.value.find((other) => isItself(other.document, document));
    if (known === undefined || !isActive(known)) return notApplicable('the VM is not running');
    if (!liveDomains.ok) return couldNotCollect(liveDomains.error, 'look at it by hand');
    const live = liveDomains.value.get(uuid);
    const name = shellWord(document.domain.name);
    if (live === undefined)
      return couldNotLook(`virsh dumpxml ${name}`, `libvirt did not show it while it was ${known.state}`, 'try again');
    const changes = definitionChanges(live.root, document.root);
    if (changes.length === 0) return passAt(document, document.root, `it is ${known.state}, as defined`);
    return failAt(document, document.root, `restart pending: the running VM still has ${summary(changes)}`, {
      expected: 'the same as the running VM',
      evidence: changes.slice(0, SHOWN).map((change) => ({ source: `virsh dumpxml ${name}`, ...values(change) })),
      remedy: {
        summary: 'Shut the VM down and start it again; a reboot from inside the guest keeps the old definition',
        steps: [{ run: `virsh shutdown ${name}` }, { text: 'when it is off:', run: `virsh start ${name}` }],
      },
    });
  },
});

/** By both: with one of them alone it is another domain. */
function isItself({ domain: one }: DomainDocument, { domain: other }: DomainDocument): boolean {
  return one.uuid !== null && one.uuid.toLowerCase() === other.uuid?.toLowerCase() && one.name === other.name;
}

function summary(changes: readonly DefinitionChange[]): string {
  const named = changes.slice(0, SHOWN).map(phrase);
  const more = changes.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more differences` : named.join(', ');
}

function phrase(change: DefinitionChange): string {
  const { what } = change;
  const running = shown(change, change.running);
  if (change.running === null) return `no ${what}`;
  return running === null || change.next === null ? what : `${what} ${running}`;
}

function values(change: DefinitionChange): { readonly observed: string; readonly expected: string } {
  const { running, next } = change;
  return { observed: valueText(change, running, 'as started'), expected: valueText(change, next, 'as defined') };
}

function valueText(change: DefinitionChange, value: string | null, hidden: string): string {
  const { what } = change;
  if (value === null) return `no ${what}`;
  return value === 'one' ? what : `${what}: ${shown(change, value) ?? hidden}`;
}

/** Arguments can hold a password, and are long. */
function shown({ what }: DefinitionChange, value: string | null): string | null {
  return value === null || what === 'QEMU arguments' || value.length > 100 || value === 'one' ? null : value;
}
