import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { wanted } from '../../../test/trees.ts';
import { el, type Tree } from '../tree.ts';
import { parseShape, shapeOf, shapeText } from './shape.ts';

const word = fc.oneof(fc.constantFrom('disk', 'devices', 'a', 'metadata', 'passcheck:spec'), fc.string({ minLength: 1, maxLength: 6 }));
const { tree: anyTree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc
    .tuple(
      word,
      fc.dictionary(word, word, { maxKeys: 3 }),
      fc.oneof({ depthSize: 'small' }, fc.constant([]), fc.array(tie('tree'), { maxLength: 3 })),
    )
    .map(([name, attributes, children]) => el(name, attributes, children)),
}));

describe('the shape of a definition', () => {
  it('has names, keys of lists and attributes, and no values', () => {
    const tree = wanted(
      `<domain type='kvm'><name>lab</name><memory unit='GiB'>8</memory><metadata><passcheck:spec xmlns:passcheck='https://passcheck.dev/xmlns/1' owner='a'/></metadata>
      <devices><interface><mac address='52:54:00:00:00:01'/></interface><disk><target dev='vda'/><alias name='ua-pc-disk-0'/></disk></devices></domain>`,
    );
    expect(shapeText(shapeOf(tree))).toBe(
      '(domain @type(devices(disk=ua-pc-disk-0(alias @name)(target @dev))(interface=52:54:00:00:00:01(mac @address)))(memory)(name))',
    );
  });

  it('is the same for the same in another order', () => {
    const one = "<network><ip address='10.0.0.1' prefix='8'/><name>a</name></network>";
    const other = "<network><name>b</name><ip prefix='9' address='10.0.0.1'/></network>";
    expect(shapeText(shapeOf(wanted(one)))).toBe(shapeText(shapeOf(wanted(other))));
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        const shape = shapeOf(tree);
        expect(parseShape(shapeText(shape))).toEqual(shape);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['a word', 'domain'],
    ['one that does not end', '(domain(name)'],
    ['one that ends twice', '(domain))'],
    ['two of them', '(domain)(domain)'],
    ['an attribute of nothing', ' @type'],
    ['signs that it does not write', '(domain @ty<pe)'],
    ['half an escape', '(dom%00zz)'],
    ['blanks', '(domain (name))'],
    ['a depth without an end', '('.concat('(a'.repeat(40), ')'.repeat(40), ')')],
    ['more than any definition has', `(a${'(b)'.repeat(30_000)})`],
    ['a text without an end', `(a${' @b'.repeat(100_000)})`],
  ])('is not read from %s', (_what, text) => expect(parseShape(text)).toBeNull());

  it('is null or a shape for any text', () => {
    const piece = fc.constantFrom('(', ')', ' @', '=', 'a', '%0041', '%', '~', ' ', '\n');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const shape = parseShape(pieces.join(''));
        expect(shape === null || parseShape(shapeText(shape)) !== null).toBe(true);
      }),
    );
  });
});
