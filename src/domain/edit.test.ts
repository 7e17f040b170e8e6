import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type DomainDocument, readDocuments } from './document.ts';
import { applyEdits, type Edit, insertAt, insertChild, removeAttribute, removeElement, setAttribute, setText } from './edit.ts';
import { all, first, type XmlElement } from './xml.ts';

function document(text: string): DomainDocument {
  const [read] = readDocuments({ label: 'a.xml', text });
  if (read === undefined) throw new Error('no domain');
  return read;
}

function edited(text: string, path: readonly string[], edit: (read: DomainDocument, element: XmlElement) => Edit | null): string | null {
  const read = document(text);
  const element = first(read.root, ...path);
  if (element === undefined) throw new Error('no such element');
  const made = edit(read, element);
  return made === null ? null : applyEdits(text, [made]);
}

describe('setAttribute', () => {
  it.each([
    ["<domain><name>a</name><cpu mode='custom'/></domain>", "<domain><name>a</name><cpu mode='maximum'/></domain>"],
    [
      '<domain><name>a</name><cpu  mode = "custom" x="1"></cpu></domain>',
      '<domain><name>a</name><cpu  mode = "maximum" x="1"></cpu></domain>',
    ],
    ['<domain><name>a</name><cpu/></domain>', "<domain><name>a</name><cpu mode='maximum'/></domain>"],
    ['<domain><name>a</name><cpu check="none" ></cpu></domain>', '<domain><name>a</name><cpu check="none" mode="maximum" ></cpu></domain>'],
    ["<domain><name>a</name><cpu xmode='mode=' mode='x'/></domain>", "<domain><name>a</name><cpu xmode='mode=' mode='maximum'/></domain>"],
  ])('in %s', (before, after) => {
    expect(edited(before, ['cpu'], (read, cpu) => setAttribute(read, cpu, 'mode', 'maximum'))).toBe(after);
  });

  it('escapes what XML takes for markup', () => {
    const text = "<domain><name>a</name><a b='1'/></domain>";
    expect(edited(text, ['a'], (read, element) => setAttribute(read, element, 'b', '<\'&">'))).toContain("b='&lt;&apos;&amp;\"&gt;'");
  });
});

describe('what XML would change', () => {
  it.each(['a\nb', 'a\tb', 'a\r\nb', '  a  '])('is written so that it is read again: %j', (value) => {
    const text = "<domain><name>a</name><a b='1'>x</a></domain>";
    const written = edited(text, ['a'], (read, element) => setAttribute(read, element, 'b', value)) ?? '';
    expect(first(document(written).root, 'a')?.attributes['b']).toBe(value);
    const filled = edited(text, ['a'], (read, element) => setText(read, element, value)) ?? '';
    expect(first(document(filled).root, 'a')?.text).toBe(value);
  });
});

describe('removing', () => {
  it('takes the line of an element that has it for itself', () => {
    const text = '<domain>\r\n  <name>a</name>\r\n  <a>\r\n    <b/>\r\n  </a>\r\n</domain>';
    expect(edited(text, ['a'], removeElement)).toBe('<domain>\r\n  <name>a</name>\r\n</domain>');
  });

  it('leaves the neighbours on the same line', () => {
    expect(edited('<domain><name>a</name> <a/> <b/></domain>', ['a'], removeElement)).toBe('<domain><name>a</name>  <b/></domain>');
  });

  it('takes an attribute with the blank before it', () => {
    const text = "<domain><name>a</name><a x='1' y='2'/></domain>";
    expect(edited(text, ['a'], (read, element) => removeAttribute(read, element, 'x'))).toBe("<domain><name>a</name><a y='2'/></domain>");
    expect(edited(text, ['a'], (read, element) => removeAttribute(read, element, 'z'))).toBeNull();
  });
});

describe('setText', () => {
  it.each([
    ['<domain><name>a</name><t unit="KiB">1</t></domain>', '<domain><name>a</name><t unit="KiB">2 &lt; 3</t></domain>'],
    ['<domain><name>a</name><t /></domain>', '<domain><name>a</name><t>2 &lt; 3</t></domain>'],
  ])('in %s', (before, after) => {
    expect(edited(before, ['t'], (read, element) => setText(read, element, '2 < 3'))).toBe(after);
  });
});

const into = (text: string, after?: string[]): string | null =>
  edited(text, ['features'], (read, element) => insertChild(read, element, '<x>\n  <y/>\n</x>', after));

describe('insertChild', () => {
  it.each([
    [
      'as its neighbours are indented',
      '<domain>\n\t<name>a</name>\n\t<features>\n\t\t<a/>\n\t</features>\n</domain>',
      '\n\t\t<a/>\n\t\t<x>\n\t\t\t<y/>\n\t\t</x>\n\t</features>',
    ],
    [
      'into an element that closes itself',
      '<domain>\n  <name>a</name>\n  <features/>\n</domain>',
      '\n  <features>\n    <x>\n      <y/>\n    </x>\n  </features>\n</domain>',
    ],
    [
      'into an empty one',
      '<domain>\n  <name>a</name>\n  <features></features>\n</domain>',
      '\n  <features>\n    <x>\n      <y/>\n    </x>\n  </features>\n',
    ],
    [
      'with the line ends of the file',
      '<domain>\r\n  <name>a</name>\r\n  <features>\r\n    <a/>\r\n  </features>\r\n</domain>',
      '<a/>\r\n    <x>\r\n      <y/>\r\n    </x>\r\n  </features>',
    ],
    [
      'behind the comment of its neighbour',
      '<domain>\n  <name>a</name>\n  <features>\n    <a/> <!-- why -->\n  </features>\n</domain>',
      '<a/> <!-- why -->\n    <x>',
    ],
    [
      'by levels of the width that the file has',
      '<domain>\n    <name>a</name>\n    <features/>\n</domain>',
      '\n    <features>\n        <x>\n            <y/>\n        </x>\n    </features>\n',
    ],
    [
      'below an element that has a comment before it',
      '<domain>\n  <name>a</name>\n  <!-- why --> <features>\n  </features>\n</domain>',
      '<features>\n    <x>\n      <y/>\n    </x>\n  </features>',
    ],
    ['in the line of a file that is one line', '<domain><name>a</name><features/></domain>', '<features><x><y/></x></features></domain>'],
    [
      'in the line of an element that is one line',
      '<domain>\n  <name>a</name>\n  <features><a/></features>\n</domain>',
      '\n  <features><a/><x><y/></x></features>\n',
    ],
  ])('%s', (_name, text, expected) => {
    expect(into(text)).toContain(expected);
  });

  it.each([
    ['<domain type="kvm"><name>a</name><features/></domain>', '<features><x y="1"/></features>'],
    [`<domain a='1' b='2' xmlns:c="d"><name>a</name><features/></domain>`, "<features><x y='1'/></features>"],
  ])('with the quotes that most attributes have: %s', (text, expected) => {
    expect(edited(text, ['features'], (read, element) => insertChild(read, element, "<x y='1'/>"))).toContain(expected);
    expect(edited(text, ['features'], (read, element) => insertChild(read, element, `<x y='"'/>`))).toContain(`<x y='"'/>`);
  });

  it('behind the neighbour that is named', () => {
    const text = '<domain>\n  <name>a</name>\n  <features>\n    <a/>\n    <b/>\n  </features>\n</domain>';
    expect(into(text, ['a'])).toContain('<a/>\n    <x>\n      <y/>\n    </x>\n    <b/>');
  });

  it('makes the elements of a path that are missing, where libvirt has them', () => {
    const text =
      '<domain>\n  <name>a</name>\n  <memory>1</memory>\n  <os>\n    <type>hvm</type>\n  </os>\n  <devices>\n  </devices>\n</domain>\n';
    const after = applyEdits(text, [insertAt(document(text), ['features', 'hyperv'], "<relaxed state='on'/>")]);
    expect(after).toContain("  </os>\n  <features>\n    <hyperv>\n      <relaxed state='on'/>\n    </hyperv>\n  </features>\n  <devices>");
  });
});

describe('applyEdits', () => {
  it('refuses edits that overlap', () => {
    expect(
      applyEdits('abcdef', [
        { start: 0, end: 3, text: '' },
        { start: 2, end: 4, text: '' },
      ]),
    ).toBeNull();
  });

  it('keeps every byte that is not edited', () => {
    const edits = fc.array(fc.record({ start: fc.nat(60), length: fc.nat(5), text: fc.string({ maxLength: 3 }) }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.string({ minLength: 70, maxLength: 90 }), edits, (text, made) => {
        const list = made.map(({ start, length, text: replacement }) => ({ start, end: start + length, text: replacement }));
        const result = applyEdits(text, list);
        const change = list.reduce((sum, edit) => sum + edit.text.length - (edit.end - edit.start), 0);
        expect(result?.length ?? text.length + change).toBe(text.length + change);
      }),
    );
  });
});

const corpus = process.env['PASSCHECK_CORPUS'] ?? '';
const folders = ['domain', 'libvirt-domains'].map((name) => join(corpus, name)).filter((folder) => corpus !== '' && existsSync(folder));
const files = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.xml'))
    .map((name) => join(folder, name)),
);

describe.skipIf(files.length === 0)('edits of real definitions', () => {
  it.each(files.length === 0 ? [''] : files)('give well-formed XML: %s', (file) => {
    const text = readFileSync(file, 'utf8');
    for (const read of readDocuments({ label: file, text })) {
      for (const element of [read.root, ...all(read.root, 'devices').flatMap(({ children }) => children)].slice(0, 60)) {
        const edits = [
          setAttribute(read, element, 'x-new', '<1>'),
          insertChild(read, element, "<x-new a='b'/>"),
          removeElement(read, element),
        ];
        const [attributed, inserted, removed] = edits.map((edit) => applyEdits(text, [edit]) ?? '');
        const left = element === read.root ? text : removed;
        expect(readDocuments({ label: file, text: attributed ?? '' })).not.toEqual([]);
        expect(readDocuments({ label: file, text: inserted ?? '' })).not.toEqual([]);
        expect(readDocuments({ label: file, text: left ?? '' })).not.toEqual([]);
      }
    }
  });
});
