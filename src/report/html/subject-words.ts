import type { Report } from '../model.ts';
import { definitionWords } from '../order.ts';
import { shorten } from '../wrap.ts';

const SUITES: ReadonlyMap<string, string> = new Map([
  ['preflight', 'preflight'],
  ['domain', 'lint'],
]);

/** What was done to what {@link subjectName} names: `Preflight of`, `Preflight and lint of`. */
export function suiteWords({ suite, phase }: Report): string {
  if (phase !== undefined) return `${shorten(phase.title, 120)} on`;
  const done = suite.split(' + ').map((part) => SUITES.get(part) ?? part);
  const words = shorten(done.join(' and '), 120);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} of`;
}

/** What the verdict is about, in a few words: the host, or the definitions. */
export function subjectName(report: Report): string {
  const { suite, subject } = report;
  const name = suite === 'domain' ? definitionWords(report) : (subject.host ?? subject.domain ?? '');
  return shorten(name, 120);
}
