import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { confList, confText, parseLibvirtConf } from './conf.ts';

describe('parseLibvirtConf', () => {
  it('reads strings, numbers and lists over several lines, and leaves comments out', () => {
    const conf = parseLibvirtConf(`# user = "no"
user = "+0" # root
group='kvm'
dynamic_ownership = 1
cgroup_device_acl = [
    "/dev/null", "/dev/full",
    "/dev/kvm",
]
note = """two
lines"""
`);
    expect(conf.problem).toBeNull();
    expect(conf.settings.map(({ name, line }) => [name, line])).toEqual([
      ['user', 2],
      ['group', 3],
      ['dynamic_ownership', 4],
      ['cgroup_device_acl', 5],
      ['note', 9],
    ]);
    expect(confText(conf, 'user')).toBe('+0');
    expect(confList(conf, 'cgroup_device_acl')).toEqual(['/dev/null', '/dev/full', '/dev/kvm']);
  });

  it('takes the first of two equal names, as libvirt does', () => {
    expect(confText(parseLibvirtConf('user = "root"\nuser = "qemu"\n'), 'user')).toBe('root');
  });

  it('separates statements by semicolons', () => {
    expect(parseLibvirtConf('a = 1; b = -2').settings.map(({ value }) => value)).toEqual([1, -2]);
  });

  it.each([
    ['user = root', 'expecting a value', 1],
    ['user = "root', 'unterminated string', 1],
    ['\nuser "root"', 'expecting an assignment', 2],
    ['l = [ "a"\n"b" ]', 'expecting a separator in list', 2],
    ['l = [ "a",', 'expecting a value', 1],
    ['l = [ "a"', 'list is not closed with ]', 1],
    ['l = [\n  "a", # why\n  "b"\n]', 'expecting a value', 2],
    ['a = 1 b = 2', 'expecting a separator', 1],
    ['= 1', 'expecting a name', 1],
  ])('says where libvirt gives up: %j', (text, message, line) => {
    expect(parseLibvirtConf(text).problem).toEqual({ line, message });
  });

  it('takes any text', () => {
    const piece = fc.constantFrom('a', '=', '"', "'", '[', ']', ',', '#', ';', '\n', ' ', '"""', '1', '-', '\u{0}');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          expect(parseLibvirtConf(text).settings).toBeInstanceOf(Array);
        },
      ),
    );
  });

  it('is done with a megabyte of brackets or quotes within the time-out', () => {
    for (const text of ['a = [', 'a = """', '"', '\n\n', 'a = 1\n', '#\n']) {
      expect(parseLibvirtConf(text.repeat(200_000)).settings).toBeInstanceOf(Array);
    }
  });
});
