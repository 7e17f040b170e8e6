import type { Verdict } from '../model.ts';
import { type Html, trusted } from './markup.ts';

const SHAPES: Readonly<Record<Verdict, string>> = {
  GO: '<circle cx="32" cy="32" r="29"/><path d="M18 33l10 10 18-21"/>',
  'NO-GO': '<path class="plate" d="M20.5 4h23L60 20.5v23L43.5 60h-23L4 43.5v-23z"/><path d="M22 22l20 20M42 22L22 42"/>',
  INCONCLUSIVE:
    '<path class="plate" d="M32 3l29 29-29 29L3 32z"/><path d="M24.5 25.500a7.500 7.500 0 1 1 11.500 6.300c-2.500 1.600-4 3-4 6.200M32 46.500v.1"/>',
};

/** The verdict as a road sign: a shape of its own, for who cannot tell the colours. The words stand beside it. */
export function sign(verdict: Verdict): Html {
  return trusted(`<svg class="sign" viewBox="0 0 64 64" aria-hidden="true" focusable="false">${SHAPES[verdict]}</svg>`);
}
