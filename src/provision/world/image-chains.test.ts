import { describe, expect, it } from 'vitest';

import { batchConnection } from '../../../test/virsh-batch.ts';
import { imageChains } from './image-chains.ts';

const volume = (path: string, backing: string | null): string =>
  `<volume><name>x</name><capacity>1</capacity><target><path>${path}</path></target>${backing === null ? '' : `<backingStore><path>${backing}</path></backingStore>`}</volume>`;

const real = (path: string): string => path;

describe('imageChains', () => {
  it('asks nothing where everything is known', async () => {
    const connection = batchConnection({});
    expect(await imageChains(connection, ['/a', '/a'], { known: [{ path: '/a', backing: null }], real })).toEqual([
      { path: '/a', backing: null },
    ]);
    expect(connection.asked).toEqual([]);
  });

  it('asks for each level with one process, whatever the names hold', async () => {
    const answers = {
      "vol-dumpxml '/it'\\''s; a'": volume("/it's; a", '/b'),
      "vol-dumpxml '/b'": volume('/b', '/c'),
      "vol-dumpxml '/c'": 'error: no',
    };
    const connection = batchConnection(answers);
    expect(await imageChains(connection, ["/it's; a", '/gone'], { known: [], real })).toEqual([
      { path: "/it's; a", backing: '/b' },
      { path: '/gone', backing: null },
      { path: '/b', backing: '/c' },
      { path: '/c', backing: null },
    ]);
    expect(connection.asked).toHaveLength(3);
  });

  it('leaves out what is no path, or cannot be asked for', async () => {
    expect(await imageChains(batchConnection({}), ['relative', '/a\nlist', 'nbd://x'], { known: [], real })).toEqual([]);
  });

  it('ends with a chain that does not', async () => {
    const endless = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`vol-dumpxml '/${index}'`, volume(`/${index}`, `/${index + 1}`)]),
    );
    const connection = batchConnection(endless);
    await imageChains(connection, ['/0'], { known: [], real });
    expect(connection.asked).toHaveLength(16);
  });
});
