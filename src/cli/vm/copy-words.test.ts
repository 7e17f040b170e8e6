import { describe, expect, it } from 'vitest';

import { copyOf, nameOf } from './copy-words.ts';

describe('what is copied where', () => {
  it.each([
    ['a.txt', 'lab1:/tmp/b', { direction: 'up', guest: 'lab1', remote: '/tmp/b', local: 'a.txt' }],
    ['x/a.txt', 'lab1:/tmp/', { direction: 'up', guest: 'lab1', remote: '/tmp/a.txt', local: 'x/a.txt' }],
    ['a.txt', 'win11:C:\\Temp\\', { direction: 'up', guest: 'win11', remote: 'C:\\Temp\\a.txt', local: 'a.txt' }],
    ['win11:c:/a b', '.', { direction: 'down', guest: 'win11', remote: 'c:/a b', local: '.' }],
    ['root@[fd00::1]:/etc/hosts', 'h', { direction: 'down', guest: 'root@[fd00::1]', remote: '/etc/hosts', local: 'h' }],
    ['./a:b', 'lab1:/tmp/x:y', { direction: 'up', guest: 'lab1', remote: '/tmp/x:y', local: './a:b' }],
  ])('%s to %s', (from, to, copy) => {
    expect(copyOf(from, to)).toEqual(copy);
  });

  it.each([
    ['a', 'b', 'neither a nor b is in a guest'],
    ['x:/a', 'y:/b', 'are both in a guest'],
    ['a', 'lab1:b', 'want a path from the root'],
    ['lab1:~/b', 'a', 'want a path from the root'],
    ['a', 'lab1:/b\0c', 'want a path from the root'],
    ['a', 'lab1:', 'neither'],
  ])('%s to %s is refused', (from, to, message) => {
    expect(() => copyOf(from, to)).toThrow(message);
  });
});

describe('the name of a file of a guest here', () => {
  it.each([
    ['/etc/hosts', 'hosts'],
    ['C:\\Temp\\a b.txt', 'a b.txt'],
  ])('%s: %s', (remote, name) => {
    expect(nameOf(remote)).toBe(name);
  });

  it.each(['/etc/', '/', '/a/..', 'C:\\'])('is none for %s', (remote) => {
    expect(() => nameOf(remote)).toThrow('names no file');
  });
});
