import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { inWords, treeOf, wanted } from '../../../test/trees.ts';
import { parseXml } from '../../domain/xml.ts';
import { treeText } from '../tree.ts';
import { differencesOf } from './differences.ts';
import { marked, readMark, withMark } from './mark.ts';
import { shapeOf } from './shape.ts';
import { spliced } from './splice.ts';

const LINUX = readFileSync(resolve(import.meta.dirname, '../../../fixtures/provision/varied/domain-linux.xml'), 'utf8');
const BARE = '<domain>\n  <name>a</name>\n  <uuid>b</uuid>\n  <memory>1024</memory>\n</domain>\n';
const mark = (attributes: string): string => `<m:spec xmlns:m='https://passcheck.dev/xmlns/1' ${attributes}/>`;
const domain = (metadata: string): string => `<domain><name>a</name><metadata>${metadata}</metadata></domain>`;

describe('a definition with a mark', () => {
  const tree = withMark(wanted('<domain><name>a</name><title>b</title><memory>1</memory></domain>'), 'lab');

  it('has it where libvirt writes it, and says whose it is and what was wanted', () => {
    expect(tree.children.map(({ name }) => name)).toEqual(['name', 'title', 'metadata', 'memory']);
    const read = readMark(parseXml(treeText(tree)));
    expect(read).toEqual({
      owner: 'lab',
      version: '1',
      shape: shapeOf(wanted('<domain><name>a</name><title>b</title><memory>1</memory></domain>')),
    });
  });

  it('keeps the other metadata that is wanted, and has one mark', () => {
    const other = withMark(withMark(wanted(domain('<other/>')), 'lab'), 'new');
    const metadata = other.children.find(({ name }) => name === 'metadata');
    expect(metadata?.children.map(({ name }) => name)).toEqual(['other', 'passcheck:spec']);
    expect(readMark(parseXml(treeText(other)))?.owner).toBe('new');
  });

  it('wants the same as before: the mark is no part of what it remembers', () => {
    expect(readMark(parseXml(treeText(withMark(tree, 'lab'))))).toEqual(readMark(parseXml(treeText(tree))));
  });
});

describe('a mark that is read', () => {
  it.each([
    ['nothing', '<domain/>'],
    ['metadata of others', domain("<spec owner='a'/>")],
    ['a mark without an owner', domain(mark("version='1'"))],
    ['a mark in another place', `<domain>${mark("owner='a'")}</domain>`],
  ])('is none where there is %s', (_what, text) => expect(readMark(parseXml(text))).toBeNull());

  it.each([
    ['that nobody can read', "version='1' owner='a' shape='(('"],
    ['of a version that is not known', "version='2' owner='a' shape='(domain)'"],
    ['that is empty, as that of something that was taken over', "version='1' owner='a' shape=''"],
  ])('has no shape where there is one %s', (_what, attributes) => {
    expect(readMark(parseXml(domain(mark(attributes))))).toMatchObject({ owner: 'a', shape: null });
  });
});

describe('taking something over', () => {
  it('adds the mark alone', () => {
    const text = marked({ text: BARE, root: parseXml(BARE) }, 'lab');
    const xml = `<passcheck:spec xmlns:passcheck='https://passcheck.dev/xmlns/1' version='1' owner='lab' shape=''/>`;
    expect(text).toBe(BARE.replace('  <memory>', `  <metadata>\n    ${xml}\n  </metadata>\n  <memory>`));
  });

  it('leaves other metadata as it is', () => {
    const text = marked({ text: LINUX, root: parseXml(LINUX) }, 'other');
    const others = LINUX.split('\n').filter((line) => !line.includes('passcheck:spec'));
    expect(text.split('\n').filter((line) => !line.includes('passcheck:spec'))).toEqual(others);
    expect(readMark(parseXml(text))).toEqual({ owner: 'other', version: '1', shape: null });
    expect(parseXml(text).children.filter(({ name }) => name === 'metadata')).toHaveLength(1);
  });

  it('replaces a mark in its place, whatever its prefix', () => {
    const text = domain(`<a/>${mark("version='1' owner='old' shape='(domain)'")}<b/>`);
    const expected = domain(`<a/>${mark("version='1' owner='new' shape=''")}<b/>`);
    expect(marked({ text, root: parseXml(text) }, 'new')).toBe(expected);
    expect(marked({ text: expected, root: parseXml(expected) }, 'new')).toBe(expected);
  });

  it('removes nothing until the spec is applied, and then what it no longer wants', () => {
    const text = marked({ text: BARE, root: parseXml(BARE) }, 'lab');
    const live = parseXml(text);
    const first = withMark(wanted('<domain><name>a</name><title>x</title></domain>'), 'lab');
    const differences = differencesOf(first, live, readMark(live)?.shape ?? null);
    expect(inWords(differences)).toEqual(['+ title: x', 'mark of passcheck: what was wanted before → what is wanted now']);
    const applied = spliced(text, differences);
    const second = withMark(wanted('<domain><name>a</name></domain>'), 'lab');
    const later = differencesOf(second, parseXml(applied), readMark(parseXml(applied))?.shape ?? null);
    expect(inWords(later)).toEqual(['- title: x', 'mark of passcheck: what was wanted before → what is wanted now']);
  });
});

describe('the difference of a mark', () => {
  const tree = wanted('<domain><name>a</name></domain>');

  it.each([
    ['another owner', "version='1' owner='old' shape='(domain(name))'", ['mark of passcheck: spec old → spec lab']],
    ['another shape', "version='1' owner='lab' shape='(domain)'", ['mark of passcheck: what was wanted before → what is wanted now']],
    ['another version alone', "version='0' owner='lab' shape='(domain(name))'", []],
    [
      'another version with another shape',
      "version='0' owner='lab'",
      ['mark of passcheck: what was wanted before → what is wanted now', 'mark of passcheck: version 0 → version 1'],
    ],
  ])('is there with %s', (_what, attributes, expected) => {
    expect(inWords(differencesOf(withMark(tree, 'lab'), parseXml(domain(mark(attributes))), null))).toEqual(expected);
  });

  it('is one addition where there is none', () => {
    const differences = differencesOf(withMark(tree, 'lab'), parseXml('<domain><name>a</name></domain>'), null);
    expect(inWords(differences)).toEqual(['+ mark of passcheck: spec lab']);
  });

  it('comes after all others', () => {
    const differences = differencesOf(withMark(treeOf(parseXml(BARE)), 'lab'), parseXml('<domain/>'), null);
    expect(inWords(differences).at(-1)).toBe('+ mark of passcheck: spec lab');
  });
});
