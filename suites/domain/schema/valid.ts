import type { DomainDocument } from '../../../src/domain/document.ts';
import { passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, fail, notApplicable } from '../../../src/engine/outcome.ts';

const VALIDATOR = 'virt-xml-validate';

export default defineDomainRule({
  id: 'domain/schema/valid',
  title: "The definition fits libvirt's own schema",
  // Not a blocker: libvirt defines what does not fit and leaves out what it does not know; and the schema of this machine can be older.
  severity: 'minor',
  anyGuest: true,
  why: 'What does not fit the schema libvirt drops without a word when it defines the domain, or refuses. A misspelt element has no effect.',
  sources: ['https://libvirt.org/manpages/virt-xml-validate.html'],
  evaluate(document) {
    const { schema, label } = document;
    if (schema === null) return notApplicable('the schema was not asked');
    if (isWrapped(document)) return notApplicable('the schema is for a file that is a <domain>, and this one has more around it');
    switch (schema.state) {
      case 'valid':
        return passWithout(document, `fits the schema of libvirt ${schema.version}`);
      case 'not-installed':
        return notApplicable(`${VALIDATOR} is not installed here; it comes with libvirt's client tools`);
      case 'failed':
        return couldNotLook(`${VALIDATOR} ${label}`, schema.reason, `run ${VALIDATOR} ${label} by hand, or leave it out with --no-schema`);
      case 'wrong': {
        const [first = 'it does not fit'] = schema.complaints;
        return fail(`the schema of libvirt ${schema.version} does not take ${wordsFor(first)}`, {
          evidence: [{ source: `${VALIDATOR} ${label} domain`, observed: schema.complaints.slice(0, 4).join('; ') || first }],
          remedy: xmlRemedy(
            document,
            'Look for a misspelt element, attribute or value there; when the definition is for a newer libvirt than the one here, leave it',
          ),
        });
      }
    }
  },
});

/** A status file, the metadata of a snapshot, the test driver's node: the validator was shown all of it. */
function isWrapped({ text, root }: DomainDocument): boolean {
  return text
    .slice(0, root.start)
    .replaceAll(/<!--[^]*?-->|<\?[^]*?\?>/g, '')
    .includes('<');
}

/** xmllint calls an element extra that is in its place, but holds what does not fit. */
function wordsFor(complaint: string): string {
  const element = /^Extra element (\S+)$/.exec(complaint)?.[1];
  return element === undefined ? `something in it: ${complaint}` : `<${element}> as it is written`;
}
