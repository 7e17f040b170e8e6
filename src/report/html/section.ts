import type { Html } from './markup.ts';

/** One part of the page, with its place in the table of contents. */
export interface Section {
  /** Its anchor. */
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}
