import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { interruptible } from './interruption.ts';

let usual: string[];
const listener = (): void => {
  usual.push('usual');
};

beforeEach(() => {
  usual = [];
  process.on('SIGTERM', listener);
});

afterEach(() => process.removeListener('SIGTERM', listener));

const signal = (): boolean => process.emit('SIGTERM', 'SIGTERM');

describe('work that must not be cut off', () => {
  it('is asked to stop by the first signal, and ends as usual with the second', async () => {
    const told = { first: () => usual.push('first'), second: () => usual.push('second') };
    const seen = await interruptible(told, (isStopped) => {
      const before = isStopped();
      signal();
      const between = isStopped();
      signal();
      return Promise.resolve([before, between]);
    });
    expect(seen).toEqual([false, true]);
    expect(usual).toEqual(['first', 'second', 'usual']);
  });

  it('leaves everything as it was, also when it fails', async () => {
    const told = { first: () => usual.push('first'), second: () => usual.push('second') };
    await expect(interruptible(told, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    signal();
    expect(usual).toEqual(['usual']);
  });
});
