import { describe, expect, it } from 'vitest';

import { aDefinition } from '../../test/domain-rule.ts';
import { GUEST_CHOICES, guestOf, namedGuest } from './guest.ts';
import { parseXml } from './xml.ts';

const guest = (inner: string): ReturnType<typeof guestOf> => guestOf(parseXml(`<domain type='kvm'>${inner}</domain>`));
const osinfo = (id: string): ReturnType<typeof guestOf> =>
  guest(
    `<name>x</name><metadata><l:libosinfo xmlns:l="http://libosinfo.org/xmlns/libvirt/domain/1.0"><l:os id="${id}"/></l:libosinfo></metadata>`,
  );

describe('guestOf', () => {
  it.each([
    ['http://microsoft.com/win/11', 'windows', '11'],
    ['http://microsoft.com/win/10', 'windows', '10'],
    ['http://microsoft.com/win/2k22', 'windows', '2022'],
    ['http://microsoft.com/win/2k12r2', 'windows', '2012r2'],
    ['http://ubuntu.com/ubuntu/24.04', 'linux', null],
    ['http://archlinux.org/archlinux/rolling', 'linux', null],
    ['http://apple.com/macosx/10.7', 'macos', null],
    ['http://freebsd.org/freebsd/14.0', 'other', null],
  ])('reads %s', (id, os, version) => {
    expect(osinfo(id)).toMatchObject({ os, version });
  });

  it.each([
    ['win11', 'windows', '11'],
    ['Windows-10-gaming', 'windows', '10'],
    ['my_win', 'windows', null],
    ['WindowsServer2022', 'windows', '2022'],
    ['darwin', 'unknown', null],
    ['winter', 'unknown', null],
    ['macOS-13', 'macos', null],
    ['ubuntu22', 'linux', null],
    ['gaming', 'unknown', null],
  ])('reads the name %s', (name, os, version) => {
    expect(guest(`<name>${name}</name>`)).toMatchObject({ os, version });
  });

  it('believes libosinfo rather than the name', () => {
    expect(guestOf(parseXml(aDefinition({ name: 'ubuntu', os: 'win/11' })))).toMatchObject({ os: 'windows', version: '11' });
  });

  it.each([
    ['enlightenments', "<name>x</name><features><hyperv><relaxed state='on'/></hyperv></features>", 'windows'],
    ['the hypervclock', "<name>x</name><clock><timer name='hypervclock' present='yes'/></clock>", 'windows'],
    ['drivers for Windows', "<name>x</name><devices><disk><source file='/iso/virtio-win-0.1.iso'/></disk></devices>", 'windows'],
    [
      "Apple's SMC",
      "<name>x</name><q:commandline xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><q:arg value='isa-applesmc,osk=x'/></q:commandline>",
      'macos',
    ],
  ])('knows it by %s', (_name, inner, os) => {
    expect(guest(inner).os).toBe(os);
  });
});

describe('namedGuest', () => {
  it.each([
    ['win11', 'windows', '11'],
    ['WIN11', 'windows', '11'],
    ['windows11', 'windows', '11'],
    ['Windows 10', 'windows', '10'],
    ['win8.1', 'windows', '8.1'],
    ['winxp', 'windows', 'xp'],
    ['vista', 'windows', 'vista'],
    ['win2025', 'windows', '2025'],
    ['Windows Server 2012 R2', 'windows', '2012r2'],
    ['server2022', 'windows', '2022'],
    ['windows', 'windows', null],
    ['linux', 'linux', null],
    ['macos', 'macos', null],
  ])('%s', (name, os, version) => {
    expect(namedGuest(name)).toMatchObject({ os, version });
  });

  it.each(['amiga', 'win12', 'win99', 'win9', 'windows2011', '11', 'win', ''])('of %j is a version that Windows has, or null', (name) => {
    expect(namedGuest(name)?.version ?? null).toBeNull();
  });

  it('takes each of the words that it names', () => {
    const words = GUEST_CHOICES.replaceAll(/[()]/g, '')
      .replaceAll(/ (?=\d)/g, ' win')
      .split(/, | /);
    expect(words.length).toBeGreaterThan(15);
    expect(words.filter((word) => namedGuest(word) === null)).toEqual([]);
  });
});
