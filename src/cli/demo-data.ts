import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { UsageError } from '../usage-error.ts';

/** A recorded host. */
export const DEMO_HOST = 'host.tar.gz';
/** The definition of its VM. */
export const DEMO_DOMAIN = 'win11.xml';
/** A list of made-up measurements. */
export const DEMO_MEASUREMENTS = 'measurements.json';

/** The folder with what the demo is made of: the build puts it beside the command. */
export function demoData(): string {
  const folder = join(import.meta.dirname, 'demo');
  const missing = [DEMO_HOST, DEMO_DOMAIN, DEMO_MEASUREMENTS].find((name) => !existsSync(join(folder, name)));
  if (missing === undefined) return folder;
  throw new UsageError(`the data of the demo are missing (${join(folder, missing)}): install passcheck again`);
}
