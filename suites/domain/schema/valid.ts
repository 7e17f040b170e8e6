import { passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, fail, notApplicable } from '../../../src/engine/outcome.ts';

const VALIDATOR = 'virt-xml-validate';

export default defineDomainRule({
  id: 'domain/schema/valid',
  title: "The definition fits libvirt's own schema",
  // Not a blocker: libvirt defines what does not fit and leaves out what it does not know; and the schema of this machine can be older.
  severity: 'major',
  anyGuest: true,
  why: 'What does not fit the schema libvirt drops without a word when it defines the domain, or refuses. A misspelt element has no effect.',
  sources: ['https://libvirt.org/manpages/virt-xml-validate.html'],
  evaluate(document) {
    const { schema, label } = document;
    if (schema === null) return notApplicable('the schema was not asked');
    switch (schema.state) {
      case 'valid':
        return passWithout(document, `fits the schema of libvirt ${schema.version}`);
      case 'not-installed':
        return notApplicable(`${VALIDATOR} is not installed here; it comes with libvirt's client tools`);
      case 'failed':
        return couldNotLook(`${VALIDATOR} ${label}`, schema.reason, `run ${VALIDATOR} ${label} by hand, or leave it out with --no-schema`);
      case 'wrong': {
        const [first = 'it does not fit'] = schema.complaints;
        return fail(`the schema of libvirt ${schema.version} does not know something in it: ${first}`, {
          evidence: [{ source: `${VALIDATOR} ${label} domain`, observed: schema.complaints.slice(0, 4).join('; ') || first }],
          remedy: xmlRemedy(
            document,
            'Look for a misspelt or misplaced element or attribute there; when the definition is for a newer libvirt than the one here, leave it',
          ),
        });
      }
    }
  },
});
