import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readPlainXml } from './plain-xml.ts';
import { parseAnyXml, XML_LIMITS, type XmlElement } from './xml.ts';

const plain = (text: string): XmlElement | null => readPlainXml(text, XML_LIMITS);

/** What the plain reader says, the full parser says, too; where that refuses, the plain reader says nothing. */
function agrees(text: string): void {
  expect([null, fully(text)]).toContainEqual(plain(text));
}

function fully(text: string): XmlElement | null {
  try {
    return parseAnyXml(text);
  } catch {
    return null;
  }
}

const fixtures = join(import.meta.dirname, '../../fixtures/domains');

describe('readPlainXml reads as the full parser does', () => {
  it.each(readdirSync(fixtures).filter((name) => name.endsWith('.xml')))('%s', (name) => {
    const text = readFileSync(join(fixtures, name), 'utf8');
    expect(plain(text)).toEqual(parseAnyXml(text));
  });

  it.each([
    '<a/>',
    "<?xml version='1.0' encoding='utf-8'?>\n<!-- x -->\n<a b='1' c=\"2\" />\n<!-- y -->\n",
    "<a>1<b>2</b>3<!-- 4 -->5<c\n\td='>'></c></a>",
    "<a b='&lt;&gt;&amp;&quot;&apos;'>&lt;&amp;lt;</a>",
    "<a xmlns:q='urn:q'><q:b c='1'><d xmlns='urn:d' xmlns:q='urn:r'><q:e/><f/></d><q:g/></q:b></a>",
    "<a __proto__='1' constructor='2' xmlnsx='3'/>",
    '<a>ü’\u{a0}</a>',
  ])('%s', (text) => {
    expect(plain(text)).toEqual(parseAnyXml(text));
  });

  const pieces = [
    "<a b='1'>",
    '</a>',
    '<a/>',
    '<q:a>',
    '</q:a>',
    "<a xmlns:q='u'>",
    "<a xmlns='v'>",
    '<!--',
    '-->',
    '-',
    '&lt;',
    '&',
  ].concat([
    "xmlns='",
    "xmlns:q='",
    "='",
    "'",
    '"',
    '<',
    '>',
    '/',
    ' ',
    '\n',
    'b',
    ';',
    ':',
    ']]>',
    '<![CDATA[',
    '<?xml ',
    '?>',
    'amp;',
    '\r',
    '#',
  ]);

  it('whatever pieces of XML it is made of', () => {
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 24 }).map((words) => words.join(''));
    fc.assert(fc.property(text, agrees), { numRuns: 2000 });
    fc.assert(
      fc.property(text, (inner) => agrees(`<a xmlns:q='u'>${inner}</a>`)),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(text, (inner) => agrees(`<a ${inner}/>`)),
      { numRuns: 2000 },
    );
  });

  it('whatever is changed in a definition', () => {
    const [name = ''] = readdirSync(fixtures).filter((file) => file.endsWith('.xml'));
    const text = readFileSync(join(fixtures, name), 'utf8');
    const change = fc.tuple(
      fc.nat(text.length),
      fc.nat(3),
      fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 2 })),
    );
    fc.assert(
      fc.property(change, ([at, length, word]) => agrees(`${text.slice(0, at)}${word}${text.slice(at + length)}`)),
      { numRuns: 300 },
    );
  });
});

describe('readPlainXml leaves to the full parser', () => {
  it.each([
    '',
    'x<a/>',
    '<a/><b/>',
    '<a>',
    '<a></b>',
    '</a>',
    '<q:a/>',
    "<a b='1' b='2'/>",
    "<q:a xmlns:q='u'><b xmlns:q='u' xmlns:q='u'/></q:a>",
    "<a b='1'c='2'/>",
    "<a b='<'/>",
    "<a b='1\n2'/>",
    "<a b='&#49;'>&x;</a>",
    '<a>&</a>',
    '<a>]]></a>',
    '<a><![CDATA[x]]></a>',
    '<!DOCTYPE a><a/>',
    '<a><!-- -- --></a>',
    '<a><?x?></a>',
    "<a xmlns:xmlns='x'/>",
    "<a xmlns:q=''/>",
    "<a xml:space='preserve'/>",
    '<a>\r\n</a>',
    '<a>\u0001</a>',
    '<a>\u{1f600}</a>',
    '\ufeff<a/>',
    `${'<a>'.repeat(65)}${'</a>'.repeat(65)}`,
    `<a>${'<b/>'.repeat(XML_LIMITS.elements)}</a>`,
  ])('%.40j', (text) => {
    expect(plain(text)).toBeNull();
  });
});
