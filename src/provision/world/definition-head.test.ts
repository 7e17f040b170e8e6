import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { definitionHead } from './definition-head.ts';

const UUID = '11111111-2222-5333-8444-555555555555';

describe('definitionHead', () => {
  it('reads the name and the UUID that libvirt wrote, not those that a user did', () => {
    const text = `<domain type='kvm' id='3' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>\n  <name>it&apos;s &amp; &lt;b&gt;</name>\n  <uuid>${UUID}</uuid>\n  <metadata><!--\n  <name>other</name>\n--></metadata>\n</domain>`;
    expect(definitionHead(text)).toEqual({ name: "it's & <b>", uuid: UUID });
    expect(definitionHead(`<network connections='2'>\n  <name>lab-net</name>\n  <uuid>${UUID}</uuid>\n</network>`)?.name).toBe('lab-net');
    expect(definitionHead(`<pool type='dir'>\n  <name>homelab</name>\n  <uuid>${UUID}</uuid>\n</pool>`)?.name).toBe('homelab');
  });

  it.each([
    ['nothing', ''],
    ['another element', `<volume>\n  <name>a</name>\n  <uuid>${UUID}</uuid>\n</volume>`],
    ['a definition without a UUID', "<domain type='kvm'>\n  <name>a</name>\n  <memory/>\n</domain>"],
    ['one whose name comes later', `<domain type='kvm'>\n  <title>a</title>\n  <name>a</name>\n  <uuid>${UUID}</uuid>\n</domain>`],
  ])('finds none in %s', (_what, text) => {
    expect(definitionHead(text)).toBeNull();
  });

  it('survives anything', () => {
    fc.assert(fc.property(fc.string(), (text) => void definitionHead(text)));
  });
});
