import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { xmlRemedy } from './domain-outcome.ts';

const lineOf = (write: string): unknown => xmlRemedy(aDocument(aDefinition()), 'Do it', { inside: '<domain>', write }).steps?.[0]?.line;

describe('what to write into a definition', () => {
  it('is one line where it is short', () => {
    expect(lineOf("<features><vmport state='off'/></features>")).toBe("<features><vmport state='off'/></features>");
  });

  it('has a line for each element where it is long', () => {
    const write = "<features><hyperv mode='custom'><stimer state='on'><direct state='on'/></stimer><a>text</a></hyperv></features>";
    expect(lineOf(write)).toBe(
      [
        '<features>',
        "  <hyperv mode='custom'>",
        "    <stimer state='on'>",
        "      <direct state='on'/>",
        '    </stimer>',
        '    <a>text</a>',
        '  </hyperv>',
        '</features>',
      ].join('\n'),
    );
  });

  it('stays as its rule wrote it where it has lines already, or is one element', () => {
    const lines = `<features>\n  ${'<a/>'.repeat(30)}\n</features>`;
    expect(lineOf(lines)).toBe(lines);
    expect(lineOf(`<a b='${'x'.repeat(90)}'/>`)).toBe(`<a b='${'x'.repeat(90)}'/>`);
  });
});
