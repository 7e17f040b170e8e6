import { COLOUR_NAMES, type Palette, PAPER } from '../../../charts/colours.ts';

export { PAPER } from '../../../charts/colours.ts';

/** The colours that the page has now. */
export function pagePalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colours = COLOUR_NAMES.map((name) => [name, longHex(style.getPropertyValue(`--${name}`).trim()) ?? PAPER[name]]);
  return { ...PAPER, ...Object.fromEntries(colours) };
}

/** `#rrggbb`, so that an opacity can be put behind it. */
function longHex(colour: string): string | null {
  if (/^#[\da-f]{6}$/i.test(colour)) return colour;
  return /^#[\da-f]{3}$/i.test(colour) ? colour.replaceAll(/[\da-f]/gi, '$&$&') : null;
}
