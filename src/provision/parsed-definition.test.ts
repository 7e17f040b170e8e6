import { describe, expect, it } from 'vitest';

import { DomainXmlError } from '../domain/xml.ts';
import { parsedDefinition } from './parsed-definition.ts';

const text = (name: string): string => `<domain><name>${name}</name></domain>`;

describe('parsedDefinition', () => {
  it('reads a text once, and one that is none fails each time', () => {
    expect(parsedDefinition(text('a'))).toBe(parsedDefinition(text('a')));
    expect(parsedDefinition(text('a'))).not.toBe(parsedDefinition(text('b')));
    expect(() => parsedDefinition('<domain>')).toThrow(DomainXmlError);
    expect(() => parsedDefinition('<domain>')).toThrow(DomainXmlError);
  });

  it('keeps no more than the last', () => {
    const first = parsedDefinition('<a/>');
    for (let index = 0; index < 100; index += 1) parsedDefinition(`<a b='${index}'/>`);
    expect(parsedDefinition('<a/>')).not.toBe(first);
    expect(parsedDefinition('<a/>')).toEqual(first);
  });
});
