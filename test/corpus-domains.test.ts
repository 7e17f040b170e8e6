import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fixText } from '../src/engine/fix-text.ts';
import { renderSarif } from '../src/report/sarif.ts';
import { renderTerminal } from '../src/report/terminal.ts';
import { lint } from './lint.ts';

const corpus = process.env['PASSCHECK_CORPUS'] ?? '';
const folders = corpus === '' ? [] : ['domain', 'libvirt-domains', 'libvirt-normalised'].map((name) => join(corpus, name));
/** The project's own copies stand in where there is no corpus. */
const own = join(import.meta.dirname, '../fixtures/domains');
const files = [...folders, own]
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.xml') && !/^(?:net|pool|vol)\./.test(name))
      .map((name) => join(folder, name)),
  );
const texts = files.map((file) => ({ name: basename(file), text: readFileSync(file, 'utf8') }));

const counts = (results: readonly { id: string; status: string }[]): Map<string, number> => {
  const found = new Map<string, number>();
  for (const { id, status } of results) if (status === 'fail' || status === 'error') found.set(id, (found.get(id) ?? 0) + 1);
  return found;
};

describe('the domains of real users and of libvirt', () => {
  it.skipIf(corpus === '')('are all there (PASSCHECK_CORPUS)', () => {
    expect(texts.length).toBeGreaterThan(55);
  });

  it.each(texts)('$name is judged, and every output shows it', async ({ name, text }) => {
    const report = await lint({ [name]: text });
    expect(report.results.length).toBeGreaterThan(0);
    expect(
      report.results.filter(({ status }) => status === 'fail').every(({ remedy, evidence }) => remedy !== null && evidence.length > 0),
    ).toBe(true);
    expect(renderTerminal(report, { colour: false })).not.toBe('');
    expect(renderSarif(report)).toContain('"version": "2.1.0"');
  });

  it.each(texts)('--fix mends what it can of $name, makes nothing worse, and changes nothing the second time', async ({ name, text }) => {
    const judge = async (given: string): Promise<Awaited<ReturnType<typeof lint>>['results']> => (await lint({ [name]: given })).results;
    const before = await judge(text);
    const { text: mended, fixed, kept } = await fixText(text, judge);
    const [had, has] = [counts(before), counts(await judge(mended))];
    for (const [id, count] of has) expect(count, id).toBeLessThanOrEqual(had.get(id) ?? 0);
    expect(kept.map(({ id }) => id)).toEqual([]);
    for (const { id } of fixed) expect(has.get(id) ?? 0, id).toBeLessThan(had.get(id) ?? 0);
    expect((await fixText(mended, judge)).text).toBe(mended);
  });
});

/** Changes that keep XML well-formed: another value, an element more, an element less. */
const change = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('value', 'text', 'remove', 'double'),
  value: fc.oneof(
    fc.constantFrom(
      '',
      '0',
      '-1',
      '99999999999999999999',
      '0-99999999',
      '^3',
      'on',
      'yes',
      '0x',
      '0xffffffff',
      'a,b,,',
      '../../etc',
      '%s',
      'NaN',
      '1.5',
      ' 4 ',
      '٤',
    ),
    fc.string({ unit: fc.constantFrom('0', '-', ',', 'x', 'é', ' ', '^', '1') }),
  ),
});

const ELEMENT = /<([\w-]+)(?:\s[^<>]*)?\/>/g;
const PLACES: Readonly<Record<string, RegExp>> = { value: /=(["'])[^"'<&]*\1/g, text: />[^<>&]+<\//g };

function changed(text: string, { at, kind, value }: { at: number; kind: string; value: string }): string {
  const places = [...text.matchAll(PLACES[kind] ?? ELEMENT)];
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return text;
  const [found] = place;
  const quote = place[1] ?? '"';
  const replacement = { value: `=${quote}${value}${quote}`, text: `>${value}</`, remove: '', double: `${found}\n${found}` }[kind] ?? found;
  return text.slice(0, place.index) + replacement + text.slice(place.index + found.length);
}

describe('random changes of real domains', () => {
  it('never make the linter throw, hang or contradict itself', async () => {
    const given = fc.tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(given, async ([{ name, text }, changes]) => {
        const odd = changes.reduce((current, one) => changed(current, one), text);
        const report = await lint({ [name]: odd });
        expect(report.results.length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
