import { InvalidArgumentError } from 'commander';

/** The whole address of `--gpu`: `01:00.0`, with or without a domain and a function; or `none`. */
export function gpuAddress(text: string): string {
  if (text === 'none') return text;
  const match = /^([0-9a-f]{4,8}:)?([0-9a-f]{2}:[01][0-9a-f])(\.[0-7])?$/i.exec(text);
  if (match === null) throw new InvalidArgumentError('Want a PCI address as 01:00.0, or none.');
  return `${match[1] ?? '0000:'}${match[2] ?? ''}${match[3] ?? '.0'}`.toLowerCase();
}
