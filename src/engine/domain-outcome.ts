import type { DomainDocument } from '../domain/document.ts';
import type { Edit } from '../domain/edit.ts';
import { lineAt, locate, type Spot, tagText, withoutSecrets } from '../domain/locate.ts';
import { attribute, type XmlElement } from '../domain/xml.ts';
import { placed, type XmlChange } from './xml-change.ts';
import { type Evidence, fail, type Outcome, pass, passWith, type Remedy, type Severity } from './outcome.ts';

/** What belongs to a finding in a definition besides its message. */
export interface Finding {
  /** What should stand there. */
  readonly expected?: string;
  readonly remedy: Remedy;
  /** More to look at: the host's side of it. */
  readonly evidence?: readonly Evidence[];
  readonly severity?: Severity;
  /** What `--fix` does. Leave it out where a person has to choose; null parts are ignored. */
  readonly edits?: readonly (Edit | null)[];
}

/** The bad state, and where it is written. For what is missing, `spot` is the element that it is missing in. */
export function failAt(document: DomainDocument, spot: Spot, message: string, finding: Finding): Outcome {
  const { expected, remedy, evidence = [], severity, edits = [] } = finding;
  const seen = { ...seenAt(document, spot), ...(expected === undefined ? {} : { expected }) };
  const made = edits.flatMap((edit) => edit ?? []);
  return fail(message, {
    evidence: [seen, ...evidence],
    remedy,
    location: locate(document, spot),
    ...(severity === undefined ? {} : { severity }),
    ...(made.length === 0 ? {} : { edits: made }),
  });
}

/** The good state, and where it is written. */
export function passAt(document: DomainDocument, spot: Spot, message?: string): Outcome {
  const seen = seenAt(document, spot);
  return message === undefined ? pass(seen) : passWith(message, seen);
}

/** The good state is that something is not there: `passWithout(document, 'no <cputune>')`. */
export function passWithout({ label }: DomainDocument, observed: string): Outcome {
  return pass({ source: label, observed });
}

/** A line of a definition as evidence: `win11.xml:12`, and what is written there. */
export function seenAt(document: DomainDocument, spot: Spot): Evidence {
  const { file, line } = lineAt(document, spot);
  const element = elementOf(spot);
  if (!('element' in spot)) return { source: `${file}:${line}`, observed: tagText(document, element) };
  const value = attribute(element, spot.attribute);
  const isSecret = /^pass(?:wd|word)$/i.test(spot.attribute);
  const written =
    value === null ? tagText(document, element) : `${spot.attribute}='${isSecret ? '(hidden)' : withoutSecrets(value).slice(0, 200)}'`;
  return { source: `${file}:${line}`, observed: written };
}

/** A fix in a definition: what to write, and where. `win11.xml` is edited, a domain of libvirt with virsh. */
export function xmlRemedy(document: DomainDocument, summary: string, ...changes: readonly (XmlChange | undefined)[]): Remedy {
  const { label, isDefined } = document;
  const steps = changes
    .flatMap((change) => (change === undefined ? [] : placed(document, change)))
    .map(({ place, write }) => {
      const line = inLines(write);
      return isDefined ? { text: `With virsh edit ${label}, ${place}`, line } : { file: label, text: place, line };
    });
  return steps.length === 0 ? { summary } : { summary, steps };
}

/** What is copied is never wrapped, so what is long gets a line for each element. */
const LONG_LINE = 70;

function inLines(xml: string): string {
  // Attributes for a tag are one line.
  if (xml.length <= LONG_LINE || xml.includes('\n') || !xml.startsWith('<')) return xml;
  let depth = 0;
  const lines = xml.split(/(?<=>)(?=<)/).map((part) => {
    if (part.startsWith('</')) depth -= 1;
    const line = '  '.repeat(Math.max(0, depth)) + part;
    if (/^<[^/!?]/.test(part) && !part.endsWith('/>') && !part.includes('</')) depth += 1;
    return line;
  });
  return lines.join('\n');
}

function elementOf(spot: Spot): XmlElement {
  return 'element' in spot ? spot.element : spot;
}
