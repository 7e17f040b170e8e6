import type { ChartConfiguration } from 'chart.js';

/** A chart as data: a page draws it, Markdown shows it as a PNG, and the same numbers stand in its table. */
export interface ChartDescription {
  /** Unique in a report: a file name without ending, an anchor. */
  readonly id: string;
  readonly title: string;
  /** What one sees on it, for who cannot see it. */
  readonly alt: string;
  /** Of made-up values: it must say so in the picture, too. */
  readonly isSynthetic: boolean;
  /** What Chart.js draws; JSON, so without functions. */
  readonly config: ChartConfiguration;
  readonly table: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
}
