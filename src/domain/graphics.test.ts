import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { graphicsOf, isLoopback, isWildcard, listensOf, videoDevices } from './graphics.ts';

const read = (devices: string) => aDocument(aDefinition({ devices }));

function listens(xml: string) {
  return graphicsOf(read(xml))
    .flatMap(listensOf)
    .map((listen) => ('address' in listen ? listen.address : listen.kind));
}

describe('listensOf', () => {
  it.each([
    ["<graphics type='vnc'/>", [null]],
    ["<graphics type='vnc' listen='0.0.0.0'/>", ['0.0.0.0']],
    ["<graphics type='vnc' listen=''/>", [null]],
    ["<graphics type='vnc' socket='/tmp/vnc'/>", ['local']],
    ["<graphics type='vnc'><listen type='address' address='::'/></graphics>", ['::']],
    ["<graphics type='vnc'><listen type='network' network='default'/></graphics>", ['network']],
    ["<graphics type='vnc'><listen type='network' network='default' address='192.168.122.1'/></graphics>", ['192.168.122.1']],
    ["<graphics type='vnc'><listen type='none'/></graphics>", ['local']],
    ["<graphics type='spice' autoport='yes'><listen type='address'/></graphics>", [null]],
    ["<graphics type='spice' port='5900' listen='1.2.3.4'/>", ['1.2.3.4']],
    // libvirt 9.0 makes `<listen type='none'/>` of all these.
    ["<graphics type='spice'/>", ['local']],
    ["<graphics type='spice' listen='0.0.0.0'/>", ['local']],
    ["<graphics type='spice' port='-1'><listen type='address' address='0.0.0.0'/></graphics>", ['local']],
  ])('%s', (xml, expected) => expect(listens(xml)).toEqual(expected));
});

describe('addresses', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('%s is the host alone', (text) => expect(isLoopback(text)).toBe(true));
  it.each(['0.0.0.0', '::', '0::0', '0::'])('%s is every address', (text) =>
    expect([isWildcard(text), isLoopback(text)]).toEqual([true, false]),
  );
  it.each(['192.168.1.2', 'fe80::1', '10.0.0.0', ''])('%s is neither', (text) =>
    expect([isWildcard(text), isLoopback(text)]).toEqual([false, false]),
  );
  it('can be any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0:.]*$/)), (text) => {
        expect(isWildcard(text) && isLoopback(text)).toBe(false);
      }),
    );
  });
});

describe('videoDevices', () => {
  it.each([
    ['', []],
    ["<graphics type='vnc'/>", [null]],
    ["<graphics type='vnc'/><video><model type='none'/></video>", ['none']],
    ["<video><model type='qxl'/></video><video><model type='virtio'/></video>", ['qxl', 'virtio']],
    ['<video/>', [null]],
  ])('%s', (xml, models) => expect(videoDevices(read(xml)).map(({ model }) => model)).toEqual(models));
});
