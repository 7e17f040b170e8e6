import type { DomainDocument } from '../../../src/domain/document.ts';
import { ENLIGHTENMENTS, HYPERV_MODES } from '../../../src/domain/enlightenments.ts';
import { anyBaseNumber } from '../../../src/domain/scale.ts';
import { all, attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome, Severity } from '../../../src/engine/outcome.ts';

/** VIR_DOMAIN_HYPERV_VENDOR_ID_MAX of libvirt, in bytes. */
const VENDOR_ID_BYTES = 12;
const LEAST_RETRIES = 0xfff;
const GREATEST_RETRIES = 0xffffffff;
const GREATEST_SIGNED = 0x7fffffff;

export default defineDomainRule({
  id: 'domain/hyperv/values',
  title: 'libvirt accepts what is written in <hyperv>',
  severity: 'blocker',
  why: 'libvirt refuses the whole definition.',
  sources: ['https://libvirt.org/formatdomain.html#hypervisor-features'],
  evaluate(document) {
    return all(document.root, 'features', 'hyperv').flatMap((block) => {
      const found = problemsOf(block).map((problem) => outcomeOf(document, problem));
      return found.length === 0 ? [passAt(document, block)] : found;
    });
  },
});

interface Problem {
  readonly element: XmlElement;
  readonly attribute: string;
  readonly message: string;
  readonly summary: string;
  readonly severity?: Severity;
}

function outcomeOf(document: DomainDocument, { element, attribute: name, message, summary, severity }: Problem): Outcome {
  const spot = attribute(element, name) === null ? element : { element, attribute: name };
  return failAt(document, spot, message, {
    remedy: xmlRemedy(document, summary),
    ...(severity === undefined ? {} : { severity }),
  });
}

function problemsOf(block: XmlElement): readonly Problem[] {
  const mode = attribute(block, 'mode') ?? 'custom';
  if (!HYPERV_MODES.includes(mode)) {
    const message = `libvirt knows no mode '${mode.slice(0, 40)}' of <hyperv>`;
    return [{ element: block, attribute: 'mode', message, summary: "Write mode='custom', or remove the mode" }];
  }
  // In the other modes libvirt does not read what is in it.
  return mode === 'custom'
    ? block.children
        .filter(({ name }) => ENLIGHTENMENTS.has(name))
        .flatMap((element) => [...stateProblem(element), ...valueProblems(element)])
    : [];
}

function stateProblem(element: XmlElement): readonly Problem[] {
  const state = attribute(element, 'state');
  if (state === 'on' || state === 'off') return [];
  const name = element.name.slice(0, 40);
  const message =
    state === null ? `<${name}> does not say whether it is on` : `state='${state.slice(0, 40)}' of ${name} is neither on nor off`;
  return [{ element, attribute: 'state', message, summary: `Write <${name} state='on'/> or <${name} state='off'/>` }];
}

/** Of what is off libvirt reads no more. */
function valueProblems(element: XmlElement): readonly Problem[] {
  if (attribute(element, 'state') !== 'on') return [];
  switch (element.name) {
    case 'spinlocks':
      return retriesProblem(element);
    case 'vendor_id':
      return vendorProblem(element);
    case 'stimer':
      return ['direct'].flatMap((name) => partProblem(element, name));
    case 'tlbflush':
      return ['direct', 'extended'].flatMap((name) => partProblem(element, name));
    default:
      return [];
  }
}

function partProblem(element: XmlElement, name: string): readonly Problem[] {
  const part = first(element, name);
  return part === undefined ? [] : stateProblem(part);
}

function retriesProblem(element: XmlElement): readonly Problem[] {
  const text = attribute(element, 'retries');
  const retries = anyBaseNumber(text);
  const problem = { element, attribute: 'retries', summary: `Write a number from ${LEAST_RETRIES} on; virt-manager writes 8191` };
  if (text === null) return [{ ...problem, message: '<spinlocks> does not say how many retries' }];
  if (retries === null || retries > GREATEST_RETRIES)
    return [{ ...problem, message: `retries='${text.slice(0, 40)}' is no number that libvirt reads` }];
  if (retries < LEAST_RETRIES)
    return [{ ...problem, message: `${retries} retries are fewer than ${LEAST_RETRIES}, the fewest that libvirt accepts` }];
  // Seen with libvirt 9.0: it writes `retries='-1'` into its own file, and does not read that again.
  const message = `libvirt writes ${retries} retries as a negative number, and cannot read the definition again`;
  return retries > GREATEST_SIGNED ? [{ ...problem, message, severity: 'major' }] : [];
}

function vendorProblem(element: XmlElement): readonly Problem[] {
  const value = attribute(element, 'value');
  const problem = {
    element,
    attribute: 'value',
    summary: `Write at most ${VENDOR_ID_BYTES} characters without a comma, or remove <vendor_id>`,
  };
  if (value === null) return [{ ...problem, message: '<vendor_id> has no value' }];
  const bytes = new TextEncoder().encode(value.slice(0, 1024)).length;
  if (bytes > VENDOR_ID_BYTES) return [{ ...problem, message: `the vendor_id has ${bytes} bytes, libvirt accepts ${VENDOR_ID_BYTES}` }];
  return value.includes(',') ? [{ ...problem, message: 'the vendor_id has a comma in it' }] : [];
}
