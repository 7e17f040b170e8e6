import { defineCheck } from '../../../src/engine/check.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { first } from '../../../src/domain/xml.ts';
import { QEMU_NAMESPACE } from '../../../src/domain/qemu-namespace.ts';
import { failAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { couldNotLook, fail, type Outcome, pass, type Remedy } from '../../../src/engine/outcome.ts';
import type { UnreadableDefinition } from '../../../src/facts/linted-domains.ts';

export default defineCheck({
  id: 'domain/schema/well-formed',
  title: 'The text is a domain definition: well-formed XML with a <domain> that has a name',
  severity: 'blocker',
  needs: ['lintedDomains'],
  why: 'libvirt does not read anything else, so nothing in the text has an effect.',
  sources: ['https://libvirt.org/formatdomain.html', 'https://www.w3.org/TR/xml/'],
  evaluate({ lintedDomains: { documents, unreadable } }) {
    return [
      ...documents.map((document) => ({ subject: document.label, outcome: judgeName(document) })),
      ...unreadable.map((definition) => ({ subject: definition.label, outcome: judge(definition) })),
    ];
  },
});

function judgeName(document: DomainDocument): Outcome {
  const { label, root, domain } = document;
  if (domain.name.includes('/')) {
    return failAt(document, first(root, 'name') ?? root, 'libvirt takes no / in the name of a domain', {
      remedy: xmlRemedy(document, 'Name it without a /'),
    });
  }
  if (domain.name !== '') return pass({ source: label, observed: `domain ${domain.name.slice(0, 120)}` });
  return failAt(document, root, 'the domain has no <name>', {
    remedy: xmlRemedy(document, 'Name it', { inside: '<domain>', write: '<name>win11</name>' }),
  });
}

function judge({ label, reason, hint, position, isWrong }: UnreadableDefinition): Outcome {
  const source = position === null ? label : `${label}:${position.line}:${position.column}`;
  if (!isWrong || position === null) return couldNotLook(source, reason, hint ?? 'look at the file by hand');
  const incomplete = incompleteText(reason);
  return fail(incomplete?.message ?? reason, {
    evidence: [{ source, observed: reason }],
    remedy: incomplete?.remedy ??
      undeclaredPrefix(reason) ?? {
        summary: `Mend line ${position.line}; \`virsh dumpxml NAME\` prints the definition of a domain that libvirt has`,
      },
    location: { file: label, ...position, endLine: position.line, endColumn: position.column + 1 },
  });
}

/** Nothing on one line can be mended where there is nothing, or where the end is missing. The words are those of the parser. */
function incompleteText(reason: string): { readonly message: string; readonly remedy: Remedy } | null {
  const again = '`virsh dumpxml NAME` prints the definition of a domain that libvirt has';
  if (/must contain a root element/.test(reason))
    return { message: 'the file is empty: it holds no definition', remedy: { summary: `Write the definition into it; ${again}` } };
  const [, name] = /^unclosed tag: ([\w:.-]{1,60})/.exec(reason) ?? [];
  if (name === undefined) return null;
  const message = `the file ends inside <${name}>: it was cut off, or the end tag is missing`;
  return { message, remedy: { summary: `Copy the whole definition again, or close <${name}>; ${again}` } };
}

/** libvirt 9.0 does not complain of this one: it drops the element without a word. */
function undeclaredPrefix(reason: string): Remedy | null {
  if (!/unbound namespace prefix: "?qemu\b/.test(reason)) return null;
  return { summary: `Declare the prefix, or libvirt drops what has it: <domain type='kvm' xmlns:qemu='${QEMU_NAMESPACE}'>` };
}
