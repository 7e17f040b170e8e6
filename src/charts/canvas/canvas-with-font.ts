import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type * as canvasPackage from '@napi-rs/canvas';

/** A picture cannot be drawn here: a package or its font is missing. It is known by its name. */
class CannotDraw extends Error {
  override readonly name = 'CannotDraw';
}

/** The font of all pictures, whatever fonts this machine has. */
export const FAMILY = 'Inter';
const FONT_PACKAGE = '@fontsource/inter';
const CANVAS_PACKAGE = '@napi-rs/canvas';
/** Of plain text and of titles. */
const WEIGHTS = [400, 600];

/** Makes canvases, after the font was registered once. */
export async function canvasWithFont(): Promise<typeof canvasPackage.createCanvas> {
  const { createCanvas, GlobalFonts } = await loadCanvas();
  if (!GlobalFonts.has(FAMILY)) for (const weight of WEIGHTS) GlobalFonts.register(font(weight), FAMILY);
  if (!GlobalFonts.has(FAMILY)) throw new CannotDraw(`the font of ${FONT_PACKAGE} could not be read`);
  return createCanvas;
}

async function loadCanvas(): Promise<typeof canvasPackage> {
  try {
    return await import('@napi-rs/canvas');
  } catch (error) {
    throw new CannotDraw(isMissing(error) ? `the package ${CANVAS_PACKAGE} is not installed` : `${CANVAS_PACKAGE} does not load here`, {
      cause: error,
    });
  }
}

function font(weight: number): Buffer {
  try {
    return readFileSync(createRequire(import.meta.url).resolve(`${FONT_PACKAGE}/files/inter-latin-${weight}-normal.woff2`));
  } catch (error) {
    throw new CannotDraw(`the package ${FONT_PACKAGE} is not installed`, { cause: error });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND');
}
