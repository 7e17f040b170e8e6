import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseXml, type XmlElement } from '../domain/xml.ts';
import { el, type Tree, treeText } from './tree.ts';

/** What was read, as it would be written. */
function treeOf({ name, attributes, children, text }: XmlElement): Tree {
  return { name, attributes: { ...attributes }, text: children.length === 0 && text !== '' ? text : null, children: children.map(treeOf) };
}

describe('treeText', () => {
  it('writes as libvirt does', () => {
    const tree = el('os', { firmware: 'efi' }, [el('type', { machine: 'q35' }, 'hvm'), el('nvram'), el('empty', {}, '')]);
    expect(treeText(tree)).toBe("<os firmware='efi'>\n  <type machine='q35'>hvm</type>\n  <nvram/>\n  <empty></empty>\n</os>");
    expect(treeText(el('disk', {}, [el('boot', { order: 1 })]), '    ')).toBe("    <disk>\n      <boot order='1'/>\n    </disk>");
  });

  it('leaves out what is null', () => {
    expect(treeText(el('source', { network: null, bridge: 'br0' }, [null]))).toBe("<source bridge='br0'/>");
  });

  it('keeps quotes, markup and line ends what they are', () => {
    const text = `a<b>&amp;'"\t\r\n]]>`;
    const { attributes, text: content } = parseXml(treeText(el('title', { name: text }, text)));
    expect(attributes['name']).toBe(text);
    expect(content).toBe(text);
  });

  it('writes every text that XML has signs for so that it is read again', () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 12 })
      .map((given) => given.replaceAll(/[^\t\n\r\u0020-\ufffd\u{10000}-\u{10ffff}]/gu, ''));
    const names = ['disk', 'target', 'x'];
    const texts = fc.tuple(text, text, text);
    fc.assert(
      fc.property(texts, texts, (values, contents) => {
        const attributes = Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
        const inside = contents.map((content, index) => el(names[index] ?? '', attributes, content));
        const read = treeOf(parseXml(treeText(el('domain', attributes, [...inside, el('devices', {}, inside)]))));
        const expected = contents.map((content, index) => ({ name: names[index], attributes, text: content || null, children: [] }));
        expect(read).toMatchObject({ attributes, children: [...expected, { name: 'devices', children: expected }] });
      }),
    );
  });
});
