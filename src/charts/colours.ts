/** The colours that a chart can name. The page has each as a variable of its style. */
export const COLOUR_NAMES = ['surface', 'text', 'muted', 'line', 'accent', 'go', 'no-go', 'open'] as const;

export type ColourName = (typeof COLOUR_NAMES)[number];

/** What each name looks like: `#rrggbb`. */
export type Palette = Readonly<Record<ColourName, string>>;

/** On white paper: pictures for Markdown, and a printed page. The page's own light colours. */
export const PAPER: Palette = {
  surface: '#ffffff',
  text: '#14181f',
  muted: '#545d6b',
  line: '#d3d9e1',
  accent: '#0b57a4',
  go: '#14692f',
  'no-go': '#a8171f',
  open: '#7a4b00',
};

/** A colour by name, with `opacity` from 0 to 1 where something shines through. */
export function named(name: ColourName, opacity = 1): string {
  return opacity === 1 ? `@${name}` : `@${name}/${Math.round(opacity * 255)}`;
}

/** Puts colours in place of names, wherever a key speaks of a colour; the rest is copied as it is. */
export function coloured(value: unknown, palette: Palette, isColour = false): unknown {
  if (typeof value === 'string') return isColour ? colourOf(value, palette) : value;
  if (Array.isArray(value)) return value.map((one) => coloured(one, palette, isColour));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, coloured(one, palette, /colou?r$/i.test(key))]));
}

function colourOf(text: string, palette: Palette): string {
  const [, name, opacity] = /^@([a-z-]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const colour = COLOUR_NAMES.find((one) => one === name);
  if (colour === undefined) return text;
  return opacity === undefined ? palette[colour] : `${palette[colour]}${Number(opacity).toString(16).padStart(2, '0')}`;
}
