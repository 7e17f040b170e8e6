import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseVolume, volumeNames } from './live-volume.ts';

describe('volumeNames', () => {
  it('reads names with blanks, quotes and semicolons, as libvirt 9.0 prints them', () => {
    const table = [
      '  lead              /pools/lab/ lead',
      ' a; undefine DC01   /pools/lab/a; undefine DC01',
      ' back\\slash         /pools/lab/back\\slash',
      ' back\\x5cx41slash   /pools/lab/back\\x5cx41slash',
      ' dc01.qcow2   x     /pools/lab/dc01.qcow2   x',
      " quo'te             /pools/lab/quo'te",
      ' trail              /pools/lab/trail ',
      '',
    ];
    expect(volumeNames(table.join('\n'))).toEqual([
      ' lead',
      'a; undefine DC01',
      'back\\slash',
      'back\\x41slash',
      'dc01.qcow2   x',
      "quo'te",
      'trail ',
    ]);
  });

  it('leaves out names that nobody can ask for by what is printed', () => {
    expect(volumeNames(' pr\\xff\\xfffung     /pools/lab/pr\\xff\\xfffung\n')).toEqual([]);
    expect(volumeNames(' a\\x09b     /pools/lab/a\\x09b\n')).toEqual([]);
  });

  it('takes no file whose name looks like a row for the one that it names', () => {
    expect(volumeNames(' dc01.qcow2   x   /pools/lab/dc01.qcow2   x\n')).not.toContain('dc01.qcow2');
  });

  it('reads every name that the spec can have', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$/), (name) => {
        expect(volumeNames(` ${name.padEnd(30)}   /pools/lab/${name}\n\n`)).toEqual([name]);
      }),
    );
  });

  it('survives anything', () => {
    fc.assert(fc.property(fc.string(), (text) => void volumeNames(text)));
  });
});

const volume = (rest: string): string =>
  `<volume type='file'>\n  <name>a</name>\n  <capacity unit='bytes'>7</capacity>\n  <target>\n    <path>/p/a</path>\n${rest}  </target>\n</volume>\n`;

describe('parseVolume', () => {
  it('says what an image is built on by a path that others compare with', () => {
    const backing = "<backingStore>\n    <path>/p/../q/base.qcow2</path>\n    <format type='qcow2'/>\n  </backingStore>\n</volume>";
    expect(parseVolume('lab', volume("<format type='qcow2'/>").replace('</volume>', backing))).toEqual({
      pool: 'lab',
      name: 'a',
      path: '/p/a',
      capacityBytes: 7,
      format: 'qcow2',
      backing: '/q/base.qcow2',
    });
  });

  it.each([
    ['nothing', ''],
    ['a refusal', 'error: no'],
    ['half', "<volume type='file'><name>a</name>"],
    ['no path', '<volume><name>a</name><capacity>7</capacity></volume>'],
    ['a size that is none', volume('').replace('>7<', '>-7<')],
    ['another element', '<pool><name>a</name></pool>'],
  ])('is none of %s', (_what, text) => {
    expect(parseVolume('lab', text)).toBeNull();
  });
});
