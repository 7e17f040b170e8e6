import type { Html } from './markup.ts';

/** One part of the page, with its place in the table of contents. */
export interface Section {
  /** Its anchor. */
  readonly id: string;
  readonly title: string;
  /** How many things are in it, where that is worth knowing before going there. */
  readonly count?: number;
  /** It has charts to be drawn: the page then brings the script that draws them. */
  readonly hasCharts?: true;
  readonly body: Html;
}
