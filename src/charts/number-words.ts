/** A number as a person reads it: `6.94`, `61,408`, `1.5e+20`. Trailing zeros go. */
export function numberWords(value: number, digits = 4): string {
  const size = Math.abs(value);
  return `${value < 0 ? '−' : ''}${sizeWords(size, digits)}`;
}

function sizeWords(size: number, digits: number): string {
  if (size !== 0 && (size >= 1e15 || size < 1e-4)) return size.toExponential(digits - 1).replace(/\.?0+e/, 'e');
  const rounded = size >= 10 ** (digits - 1) ? Math.round(size) : Number(size.toPrecision(digits));
  const [whole = '', ...rest] = String(rounded).split('.');
  return [thousands(whole), ...rest].join('.');
}

/** The same with its unit. */
export function quantity(value: number, unit: string, digits?: number): string {
  return unit === '' ? numberWords(value, digits) : `${numberWords(value, digits)} ${unit}`;
}

/** `2,882` */
export function grouped(count: number): string {
  return thousands(String(count));
}

function thousands(digits: string): string {
  return digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1.0196` for a ratio: four digits behind the point are a hundredth of a per cent. */
export function ratioWords(ratio: number): string {
  return Math.abs(ratio) >= 100 ? numberWords(ratio) : minus(ratio.toFixed(4));
}

/** `+1.96 %`: by how much a ratio is more than one. */
export function overheadWords(ratio: number): string {
  // The largest numbers a hundred times are none.
  const percent = Math.max(-Number.MAX_VALUE, Math.min((ratio - 1) * 100, Number.MAX_VALUE));
  if (Math.abs(percent) >= 1000) return `${percent < 0 ? '' : '+'}${numberWords(percent)} %`;
  const text = percent.toFixed(2);
  return `${Number(text) < 0 ? '' : '+'}${minus(Number(text) === 0 ? '0.00' : text)} %`;
}

function minus(text: string): string {
  return text.replace(/^-/, '−');
}
