import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { elementsOf, parseStrictly, textOf } from '../../../test/strict-html.ts';
import { CONTROL_CHARACTERS } from '../sanitize.ts';
import { escapeHtml, html, trusted } from './markup.ts';

describe('markup', () => {
  it('puts texts in as text, and markup as markup', () => {
    const items = ['<b>', 'two'].map((text) => html`<li>${text}</li>`);
    expect(html`<ul title="${'"a" & b'}">${items}${null}${3}</ul>`.markup).toBe(
      '<ul title="&quot;a&quot; &amp; b"><li>&lt;b&gt;</li><li>two</li>3</ul>',
    );
    expect(html`${trusted('<hr>')}`.markup).toBe('<hr>');
  });

  it('shows what could hide or reorder text, and leaves lines and tabs alone', () => {
    expect(escapeHtml('a\u202eb\u0000\n\tc\u{e0041}')).toBe(String.raw`a\u202eb\u0000` + '\n\tc' + String.raw`\u{e0041}`);
  });

  it('lets no text out of where it stands', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '/', 'b', ' ', '=', ';', '\u202e', '\ud800', '\n') }),
    );
    fc.assert(
      fc.property(text, (given) => {
        const [, element] = elementsOf(parseStrictly(html`<p title="${given}">${given}</p>`.markup));
        const seen = element === undefined ? '' : textOf(element);
        expect(seen.replaceAll(/\\u(?:\{[\da-f]+\}|[\da-f]{4})/g, '')).toBe(
          given.replaceAll(CONTROL_CHARACTERS, (one) => (/[\n\t]/.test(one) ? one : '')).replaceAll(/\\u(?:\{[\da-f]+\}|[\da-f]{4})/g, ''),
        );
      }),
    );
  });
});
