import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import * as assets from '../src/report/html/assets.ts';
import { renderHtml } from '../src/report/html/html-report.ts';
import type { Report } from '../src/report/model.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';
import { EVERY_STATE } from './phase.ts';
import { exampleMeasurements, judgeRecorded } from './recorded.ts';
import { hostileReport, LINT_REPORT, NO_GO_REPORT } from './report.ts';
import { elementsOf, type HtmlElement, parseStrictly, textOf } from './strict-html.ts';
import { withTexts } from './with-texts.ts';

const CONSTANT_TEXTS = new Set<string>(Object.values(assets));
/** Where an address could stand that a browser follows or loads. */
const ADDRESSES = ['href', 'src', 'srcset', 'action', 'formaction', 'data', 'poster', 'xlink:href', 'ping', 'background', 'http-equiv'];
/** Attributes that name other elements by id. */
const REFERENCES = ['aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-owns', 'for', 'headers'];

const reports: Record<string, Report> = {};

/** Reads a page strictly and names what is wrong with it. */
function faultsOf(page: string): string[] {
  const elements = elementsOf(parseStrictly(page));
  const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? []);
  const known = new Set(ids);
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `id ${id} twice`),
    ...ids.filter((id) => !/^[a-z][\w-]{0,120}$/.test(id)).map((id) => `id ${id} is not made here`),
    ...elements.flatMap((element) => faultsOfElement(element, known)),
  ];
}

function faultsOfElement({ name, attributes, children }: HtmlElement, ids: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  for (const [attribute, value] of attributes) {
    if (attribute === 'style' || attribute.startsWith('on')) faults.push(`<${name} ${attribute}="${value}">`);
    const isPolicy = attribute === 'http-equiv' && value === 'Content-Security-Policy';
    if (ADDRESSES.includes(attribute) && !isPolicy && !ids.has(value.replace(/^#/, ''))) faults.push(`<${name} ${attribute}="${value}">`);
    const missing = REFERENCES.includes(attribute) ? value.split(' ').filter((id) => !ids.has(id)) : [];
    faults.push(...missing.map((id) => `<${name} ${attribute}="${id}"> names nothing`));
  }
  if (name === 'style' || (name === 'script' && attributes.get('type') !== 'application/json')) {
    if (!children.every((child) => typeof child === 'string' && CONSTANT_TEXTS.has(child)))
      faults.push(`<${name}> is not the one built here`);
  }
  if (name === 'script' && attributes.has('type')) JSON.parse(textOf({ name, attributes, children }));
  return faults;
}

/** What a page is made of; texts do not change it. */
function kindsOf(page: string): string[] {
  const elements = elementsOf(parseStrictly(page));
  return [
    ...new Set(elements.flatMap(({ name, attributes }) => [name, ...[...attributes.keys()].map((key) => `${name} ${key}`)])),
  ].toSorted();
}

beforeAll(async () => {
  const blocked = await judgeRecorded('shared-group', { withMachine: true });
  Object.assign(reports, {
    'a recorded host': { ...blocked, measurements: exampleMeasurements(), phase: EVERY_STATE },
    'a ready host': await judgeRecorded('amd-ready', { withMachine: true }),
    'a definition': LINT_REPORT,
    'something of everything': NO_GO_REPORT,
  });
});

describe('the HTML page', () => {
  it.each(['a recorded host', 'a ready host', 'a definition', 'something of everything'])(
    'of %s is well-formed and names only itself',
    (name) => {
      const report = reports[name] ?? NO_GO_REPORT;
      expect(faultsOf(renderHtml(report))).toEqual([]);
    },
  );

  it.each(HOSTILE_TEXTS.map((text) => [JSON.stringify(text).slice(0, 60), text]))('shows %s in every field as text', (_name, text) => {
    for (const report of Object.values(reports)) {
      for (const spoiled of [withTexts(report, (original) => original + text), withTexts(report, () => text)]) {
        const page = renderHtml(spoiled);
        expect(faultsOf(page)).toEqual([]);
        expect(kindsOf(page).filter((kind) => /harm|img|iframe|object|embed|base|form/.test(kind))).toEqual([]);
      }
    }
  });

  it('shows any text in any field as text', () => {
    const piece = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ maxLength: 30 }));
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(reports)), fc.array(piece, { minLength: 1, maxLength: 20 }), (report, pieces) => {
        let next = 0;
        const spoiled = withTexts(report, (original) => {
          next += 1;
          return `${next % 3 === 0 ? original : ''}${pieces[next % pieces.length]}`;
        });
        expect(faultsOf(renderHtml(spoiled))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('shows results that no host can bring about', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        expect(faultsOf(renderHtml(report))).toEqual([]);
      }),
    );
  });
});

describe('the strict reader of pages', () => {
  it.each([
    '<p>a < b</p>',
    '<p class=a></p>',
    "<p class='a'></p>",
    '<p>&</p>',
    '<p>&lt</p>',
    '<b><i></b></i>',
    '<p>',
    '<!-- a -->',
    '<p id="a" id="b"></p>',
    '<p title="\u202e"></p>',
    '<p>\u0000</p>',
    '<p>\ud800</p>',
  ])('refuses %j', (page) => {
    expect(() => parseStrictly(page)).toThrow(/^(no tag|not escaped|<|\w+ twice)/);
  });

  it('ends a script where a browser does', () => {
    expect(() => parseStrictly('<script>"</script>"</script>')).toThrow('closes');
    expect(elementsOf(parseStrictly('<script>a < b && "<p"</script>')).map(({ name }) => name)).toEqual(['#page', 'script']);
  });

  it.each([
    '<p onclick="x"></p>',
    '<p style="color: red"></p>',
    '<a href="javascript:alert(1)"></a>',
    '<a href="#nowhere"></a>',
    '<img src="https://example.org/">',
    '<script>alert(1)</script>',
    '<p id="a"></p><b id="a"></b>',
    '<p id="0000:01:00.0"></p>',
    '<p aria-labelledby="nothing"></p>',
  ])('finds what is wrong with %s', (page) => {
    expect(faultsOf(page)).not.toEqual([]);
  });
});
