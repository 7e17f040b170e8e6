import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';

import type { ChartDescription } from '../charts/chart.ts';
import { chartsOf } from '../charts/of-measurements.ts';
import { writeFailure } from '../host/write-failure.ts';
import { renderMarkdown } from '../report/markdown.ts';
import type { Report } from '../report/model.ts';
import { UsageError } from '../usage-error.ts';
import type { Io } from './io.ts';
import { type OutputFile, writeOutput, writeTogether } from './output-file.ts';

/** Prints a report with measurements as Markdown, or writes it into a file with the pictures of its charts in a folder beside it. */
export async function deliverMarkdown(report: Report, out: string | undefined, io: Io): Promise<void> {
  const charts = chartsOf(report.measurements);
  if (out === undefined || out === '-') {
    io.print(renderMarkdown(report));
    if (charts.length > 0) io.note('the charts are left out: --out FILE.md writes their pictures beside it');
    return;
  }
  const { text, pictures } = await withPictures(report, charts, out, io);
  if (pictures.length === 0) writeOutput(out, text);
  else writeInFolder(out, [...pictures, { path: out, contents: text }]);
  const added = pictures.length === 0 ? '' : `, its pictures to ${folderOf(out)}`;
  io.note(`${report.verdict}: Markdown report written to ${out}${added}`);
}

interface Written {
  readonly text: string;
  readonly pictures: readonly OutputFile[];
}

async function withPictures(report: Report, charts: readonly ChartDescription[], out: string, io: Io): Promise<Written> {
  const images = isStream(out) ? new Map<string, Uint8Array>() : await draw(charts, io);
  const folder = folderOf(out);
  const link = encodeURIComponent(basename(folder)).replaceAll(/[()]/g, (bracket) => (bracket === '(' ? '%28' : '%29'));
  const paths = new Map([...images.keys()].map((id) => [id, `${link}/${id}.png`]));
  return {
    text: renderMarkdown(report, paths),
    pictures: [...images].map(([id, contents]) => ({ path: join(folder, `${id}.png`), contents })),
  };
}

/** By chart. Where nothing can draw here, none: the figures stand in the text all the same. */
async function draw(charts: readonly ChartDescription[], io: Io): Promise<Map<string, Uint8Array>> {
  const images = new Map<string, Uint8Array>();
  if (charts.length === 0) return images;
  try {
    const { chartPng } = await import('../charts/png.ts');
    for (const chart of charts) images.set(chart.id, await chartPng(chart));
    return images;
  } catch (error) {
    // By name: what draws is bundled by itself, with a class of its own.
    if (!(error instanceof Error) || error.name !== 'CannotDraw') throw error;
    io.note(`the charts are left out of the Markdown: ${error.message}`);
    return new Map();
  }
}

/** `report.pictures` for `report.md`, beside the file itself where `out` is a link to it. */
function folderOf(out: string): string {
  const isLink = fs.lstatSync(out, { throwIfNoEntry: false })?.isSymbolicLink() === true && fs.existsSync(out);
  const place = isLink ? fs.realpathSync(out) : out;
  return join(dirname(place), `${basename(place).replace(/(?<=.)\.[^.]*$/, '')}.pictures`);
}

function isStream(out: string): boolean {
  const existing = fs.statSync(out, { throwIfNoEntry: false });
  return existing !== undefined && !existing.isFile();
}

/** Other files in the folder stay. A folder that was made for nothing goes. */
function writeInFolder(out: string, files: readonly OutputFile[]): void {
  const folder = folderOf(out);
  const isNew = makeFolder(folder, out);
  let isWritten = false;
  try {
    writeTogether(files);
    isWritten = true;
  } finally {
    if (isNew && !isWritten) fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** False when it is there already. It lies beside `out`: where it cannot be made, that cannot be written either. */
function makeFolder(folder: string, out: string): boolean {
  try {
    const existing = fs.statSync(folder, { throwIfNoEntry: false });
    if (existing === undefined) fs.mkdirSync(folder);
    else if (!existing.isDirectory()) throw new UsageError(`${folder} is no folder, and the pictures have to go there`);
    return existing === undefined;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`could not write ${out}: ${writeFailure(error)}`, { cause: error });
  }
}
