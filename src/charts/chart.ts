import type { ChartConfiguration } from 'chart.js';

import type { Measurement } from '../report/measurement.ts';

/** A chart as data: a page draws it, Markdown shows it as a PNG, and the same numbers stand in its table. */
export interface ChartDescription {
  /** Unique in a report: a file name without ending, an anchor. Letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** The title where it stands below the name of what was measured. */
  readonly caption: string;
  /** What one sees on it, for who cannot see it. */
  readonly alt: string;
  /** Of made-up values: it must say so in the picture, too. */
  readonly isSynthetic: boolean;
  /** What it shows. */
  readonly shows: readonly Measurement[];
  /** How high it has to be, in pixels of CSS; it takes what width there is. */
  readonly height: number;
  /** What Chart.js draws with the plugins of `plugins.ts`; JSON, so without functions. Colours are names, see `colours.ts`. */
  readonly config: ChartConfiguration;
  /** One row for each element of the first dataset, in its order. */
  readonly table: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

/** A chart without what only the whole list can say. */
export type ChartDraft = Omit<ChartDescription, 'id'>;
