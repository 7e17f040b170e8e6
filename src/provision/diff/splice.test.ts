import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { inWords, treeOf, wanted } from '../../../test/trees.ts';
import { parseXml } from '../../domain/xml.ts';
import { el, type Tree } from '../tree.ts';
import { differencesOf } from './differences.ts';
import { type Shape, shapeOf } from './shape.ts';
import { spliced } from './splice.ts';

const FOLDER = resolve(import.meta.dirname, '../../../fixtures/provision');
const RECORDED = [
  'homelab/domain-DC01.xml',
  'phase-0/domain-gaming.xml',
  'varied/domain-linux.xml',
  'varied/network-nat.xml',
  'varied/pool-varied.xml',
];
const read = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');

function changed(text: string, desired: Tree, previous: Shape | null = null): string {
  return spliced(text, differencesOf(desired, parseXml(text), previous));
}

/** Lines that are in one text and not in the other, as `diff` shows them. */
function lines(before: string, after: string): readonly string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ];
}

const DC01 = read('homelab/domain-DC01.xml');

describe('a definition with its differences put right', () => {
  it('is the same text where there are none', () => {
    for (const file of RECORDED) expect(changed(read(file), treeOf(parseXml(read(file))))).toBe(read(file));
  });

  it('has changed where it has to, and nowhere else', () => {
    const desired = wanted(
      `<domain type='kvm'><memory unit='GiB'>16</memory><vcpu>4</vcpu><devices>
        <interface type='network'><source network='other'/><alias name='ua-pc-nic-0'/></interface><sound model='ich6'/></devices></domain>`,
    );
    expect(lines(DC01, changed(DC01, desired))).toEqual([
      "-  <memory unit='KiB'>4194304</memory>",
      "-  <currentMemory unit='KiB'>4194304</currentMemory>",
      "-  <vcpu placement='static'>2</vcpu>",
      "-      <source network='lab-net'/>",
      "-    <sound model='ich9'>",
      "+  <memory unit='KiB'>16777216</memory>",
      "+  <currentMemory unit='KiB'>16777216</currentMemory>",
      "+  <vcpu placement='static'>4</vcpu>",
      "+      <source network='other'/>",
      "+    <sound model='ich6'>",
    ]);
  });

  it('has what comes in the place where libvirt writes it', () => {
    const desired = wanted(
      `<domain type='kvm'><iothreads>1</iothreads><title>A &amp; B</title><cputune><emulatorpin cpuset='0'/></cputune><devices>
        <disk type='file' device='disk'><target dev='vdz' bus='virtio'/></disk><shmem name='a'><size unit='M'>32</size></shmem></devices></domain>`,
    );
    const text = changed(DC01, desired);
    expect(lines(DC01, text)).toEqual([
      '+  <title>A &amp; B</title>',
      '+  <iothreads>1</iothreads>',
      '+  <cputune>',
      "+    <emulatorpin cpuset='0'/>",
      '+  </cputune>',
      "+      <target dev='vdz' bus='virtio'/>",
      "+    <shmem name='a'>",
      "+      <size unit='M'>32</size>",
      '+    </shmem>',
    ]);
    const order = parseXml(text).children.map(({ name }) => name);
    expect(order.slice(0, 4)).toEqual(['name', 'uuid', 'title', 'metadata']);
    expect(order.indexOf('iothreads')).toBe(order.indexOf('vcpu') + 1);
    expect(order.indexOf('cputune')).toBe(order.indexOf('iothreads') + 1);
  });

  it('loses a whole device with its lines', () => {
    const disk = /\n {4}<disk type='file' device='disk'>.*?<\/disk>/s.exec(DC01)?.[0] ?? '';
    const before: Shape = shapeOf(wanted("<domain><devices><disk><alias name='ua-pc-disk-0'/></disk></devices></domain>"));
    expect(disk).toContain('vda');
    expect(changed(DC01, wanted("<domain type='kvm'><devices/></domain>"), before)).toBe(DC01.replace(disk, ''));
  });

  it.each([
    ['one goes and another comes', '<a>\n  <x/>\n</a>\n', '<a><y/><z/></a>', '<a>\n  <y/>\n  <z/>\n</a>\n'],
    ['the first come', '<a/>\n', "<a n='1'><y/><z/></a>", "<a n='1'>\n  <y/>\n  <z/>\n</a>\n"],
    ['all is one line', '<a><w/><x/></a>', '<a><w/><y/><z b="1"/></a>', "<a><w/><y/><z b='1'/></a>"],
    [
      'double quotes are the custom',
      '<a b="1">\n  <x c="1"/>\n</a>\n',
      "<a b='2'><y d='it&apos;s'/></a>",
      '<a b="2">\n  <y d="it\'s"/>\n</a>\n',
    ],
    ['an attribute comes and another goes', "<a b='1' c='2'/>", "<a d='3'/>", "<a d='3'/>"],
    ['lines end as in DOS', '<a>\r\n  <x/>\r\n</a>', '<a><x/><y/></a>', '<a>\r\n  <x/>\r\n  <y/>\r\n</a>'],
    ['an attribute has what XML would change', "<a b='1'/>", "<a b='&#10;&#9;&lt;&apos;'/>", "<a b='&#10;&#9;&lt;&apos;'/>"],
  ])('is written well where %s', (_what, live, desired, expected) => {
    // What stands there was wanted before.
    const before = shapeOf(wanted(live));
    const text = changed(live, wanted(desired), before);
    expect(text.replaceAll('&apos;', "'")).toBe(expected.replaceAll('&apos;', "'"));
    expect(differencesOf(wanted(desired), parseXml(text), before)).toEqual([]);
  });

  it('says what its prefixes mean', () => {
    const text = changed('<domain/>', el('domain', {}, [el('qemu:commandline', {}, [el('qemu:arg', { value: '-s' })])]));
    expect(parseXml(text).children[0]).toMatchObject({ name: 'commandline', namespace: 'http://libvirt.org/schemas/domain/qemu/1.0' });
  });
});

/** Changes anything anywhere: names of attributes and elements stay those of libvirt, values become any. */
function arbitraryChange(tree: Tree): fc.Arbitrary<Tree> {
  const value = fc.oneof(
    fc.constantFrom('1', '2', 'on', 'no', '0x1', '52:54:00:AA:00:01', 'q35', 'it\'s <b> & "c"', '\n\t'),
    fc.string({ maxLength: 8 }).filter(isText),
  );
  const attributes = fc.tuple(...Object.entries(tree.attributes).map(([name, was]) => fc.tuple(fc.constant(name), rarely(was, value))));
  const children = fc
    .tuple(...tree.children.map((child) => fc.tuple(arbitraryChange(child), fc.integer({ min: 0, max: 19 }))))
    .map((kept) =>
      // Some go, some come twice.
      kept.flatMap(([child, dice]) => {
        const twin = { ...child, attributes: { ...child.attributes, extra: 'x' } };
        return [[], [child, twin]][dice] ?? [child];
      }),
    );
  const text =
    tree.text === null
      ? fc.constant(null)
      : rarely(
          tree.text,
          value.filter((one) => one.trim() !== ''),
        );
  return fc.tuple(attributes, children, text).map(([pairs, inside, content]) => {
    return { name: tree.name, attributes: Object.fromEntries(pairs), text: content, children: inside };
  });
}

function rarely(was: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 12, arbitrary: fc.constant(was) }, { weight: 1, arbitrary: value });
}

function isText(text: string): boolean {
  return !/[^\t\n\u0020-\uD7FF\uE000-\uFFFD]/.test(text);
}

describe.each(RECORDED)('what libvirt made of a definition, and any change of it: %s', (file) => {
  const text = read(file);
  const root = parseXml(text);
  const tree = treeOf(root);

  it('ends where nothing differs', () => {
    fc.assert(
      fc.property(arbitraryChange(tree), fc.boolean(), (desired, wasWanted) => {
        const before = wasWanted ? shapeOf(tree) : null;
        const result = changed(text, desired, before);
        expect(inWords(differencesOf(desired, parseXml(result), before))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
