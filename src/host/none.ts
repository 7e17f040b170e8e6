import { unreadable, type Reading } from './reading.ts';
import type { HostSource } from './source.ts';

/** No host at all: for what is judged by itself, a definition in a file. Every answer is "nobody looked". */
export function noHost(): HostSource {
  return {
    kind: 'none',
    read: none,
    readRange: none,
    list: none,
    link: none,
    real: none,
    stat: none,
    space: none,
    writable: none,
    environment: none,
    run: () => Promise.resolve(none()),
  };
}

function none(): Reading<never> {
  return unreadable('not-recorded', 'no host is looked at');
}
