import { gunzip } from '../host/gunzip.ts';
import { mapReading, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { FactError, readingError } from './fact-error.ts';
import { defineFact } from './fact.ts';
import { kernel } from './kernel.ts';

/** How the running kernel was built. */
export interface KernelConfig {
  readonly source: string;
  /** The text of its `.config`; ask with {@link configValue}. */
  readonly text: string;
}

const LIMIT = 4 * 1024 * 1024;
const COMPRESSED = '/proc/config.gz';

/** The build configuration, from where distributions put it. */
export const kernelConfig = defineFact({
  id: 'kernelConfig',
  needs: { kernel },
  async collect(host, facts): Promise<KernelConfig> {
    const { release } = facts.kernel;
    const plain =
      release === null ? [] : [`/boot/config-${release}`, `/lib/modules/${release}/config`, `/lib/modules/${release}/build/.config`];
    let hidden: FactError | undefined;
    for (const path of [...plain, COMPRESSED]) {
      const text = path === COMPRESSED ? await readCompressed(host) : decode(host.read(path, LIMIT));
      if (text.state === 'ok') return { source: path, text: text.value };
      if (text.state === 'unreadable') hidden ??= readingError(path, text);
    }
    throw hidden ?? new FactError({ source: COMPRESSED, reason: 'not there, and no config of this kernel in /boot or /lib/modules' });
  },
});

function decode(reading: Reading<Uint8Array>): Reading<string> {
  return mapReading(reading, (bytes) => Buffer.from(bytes).toString('latin1'));
}

async function readCompressed(host: HostSource): Promise<Reading<string>> {
  const reading = host.read(COMPRESSED);
  return decode(reading.state === 'ok' ? await gunzip(reading.value, LIMIT) : reading);
}

/** `y`, `m`, a number or a text; null when the option is not set. */
export function configValue({ text }: Pick<KernelConfig, 'text'>, key: string): string | null {
  const mark = `${key}=`;
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) {
    if (at !== 0 && text[at - 1] !== '\n') continue;
    const end = text.indexOf('\n', at);
    return text.slice(at + mark.length, end === -1 ? undefined : end).trim();
  }
  return null;
}
