import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, fail, type Outcome, pass } from '../../../src/engine/outcome.ts';
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
      ...documents.map(({ label, domain }) => ({
        subject: label,
        outcome: pass({ source: label, observed: `domain ${domain.name.slice(0, 120)}` }),
      })),
      ...unreadable.map((definition) => ({ subject: definition.label, outcome: judge(definition) })),
    ];
  },
});

function judge({ label, reason, hint, position, isWrong }: UnreadableDefinition): Outcome {
  const source = position === null ? label : `${label}:${position.line}:${position.column}`;
  if (!isWrong || position === null) return couldNotLook(source, reason, hint ?? 'look at the file by hand');
  return fail(reason, {
    evidence: [{ source, observed: reason }],
    remedy: { summary: `Mend line ${position.line}; \`virsh dumpxml NAME\` prints the definition of a domain that libvirt has` },
    location: { file: label, ...position, endLine: position.line, endColumn: position.column + 1 },
  });
}
