import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { COLOUR_NAMES, coloured, named, PAPER } from './colours.ts';

describe('coloured', () => {
  it('puts a colour where a key speaks of one, and nowhere else', () => {
    const config = {
      title: '@accent',
      color: named('accent'),
      pointBackgroundColor: [named('go'), 'red'],
      grid: { color: named('line', 0.5) },
    };
    expect(coloured(config, PAPER)).toEqual({
      title: '@accent',
      color: '#0b57a4',
      pointBackgroundColor: ['#14692f', 'red'],
      grid: { color: '#d3d9e180' },
    });
  });

  it('leaves what is no name as it is', () => {
    expect(coloured({ color: '@constructor', backgroundColor: '@go/9999', n: 1, none: null }, PAPER)).toEqual({
      color: '@constructor',
      backgroundColor: '@go/9999',
      n: 1,
      none: null,
    });
  });
});

describe('the colours of paper', () => {
  it('are the light ones of the page', () => {
    const [light = ''] = readFileSync('src/report/html/client/style/00-base.css', 'utf8').split('@media');
    const page = Object.fromEntries(COLOUR_NAMES.map((name) => [name, new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(light)?.[1]]));
    expect(page).toEqual(PAPER);
  });
});
