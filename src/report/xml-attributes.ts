import { escapeXml } from './escape-xml.ts';
import { oneLine } from './sanitize.ts';

/** ` name="value" …`, each value in one line. */
export function xmlAttributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(oneLine(String(value)))}"`)
    .join('');
}
