import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import { allowsReadWrite, matchesPattern, parseAppArmorRules } from './apparmor-rules.ts';
import { confinesDaemon, securityModules } from './security-modules.ts';

/** In the style of the abstraction of libvirt 9.0. */
const ABSTRACTION = `  #include <abstractions/base>
  capability dac_override,
  network inet stream,
  ptrace (readby, tracedby) peer=libvirtd,
  /dev/kvm rw,
  /dev/net/tun rw,
  @{PROC}/*/status r,
  owner /{dev,run}/shm/spice.* rw,
  # Site-specific additions and overrides. See local/README for details.
  #include <local/abstractions/libvirt-qemu>
`;

const ON = {
  '/sys/module/apparmor/parameters/enabled': 'Y\n',
  '/sys/kernel/security/apparmor/profiles': 'libvirtd (enforce)\n/usr/bin/man (enforce)\n',
  '/etc/apparmor.d/abstractions/libvirt-qemu': ABSTRACTION,
};

describe('securityModules', () => {
  it('reads rules of the package and of the administrator', async () => {
    const files = { ...ON, '/etc/apparmor.d/local/abstractions/libvirt-qemu': '# Looking Glass\n/dev/kvmfr0 rw,\n' };
    const { appArmor, seLinux } = await valueOf(securityModules, { files });
    expect(appArmor).toMatchObject({ state: 'ok', value: { confinesVms: { state: 'ok', value: true } } });
    const rules = appArmor.state === 'ok' && appArmor.value.rules.state === 'ok' ? appArmor.value.rules.value : [];
    expect(rules.at(-1)).toEqual({ path: '/dev/kvmfr0', permissions: 'rw', isDenial: false });
    expect(seLinux).toEqual({ state: 'absent' });
  });

  it('a hidden list of profiles or hidden rules stay hidden', async () => {
    const unread = {
      '/sys/kernel/security/apparmor/profiles': 'denied',
      '/etc/apparmor.d/abstractions/libvirt-qemu': 'not-recorded',
    } as const;
    expect((await valueOf(securityModules, { files: ON, unreadable: unread })).appArmor).toMatchObject({
      value: { confinesVms: { state: 'unreadable' }, rules: { state: 'unreadable' } },
    });
  });

  it('AppArmor that is off is absent', async () => {
    const off = { '/sys/module/apparmor/parameters/enabled': 'N\n' };
    expect((await valueOf(securityModules, { files: off })).appArmor).toEqual({ state: 'absent' });
  });

  it('reads whether SELinux enforces, and the modules that were added', async () => {
    const files = { '/sys/fs/selinux/enforce': '1', '/var/lib/selinux/targeted/active/modules/400/kvmfr/cil': '' };
    expect((await valueOf(securityModules, { files })).seLinux).toEqual({
      state: 'ok',
      value: { isEnforcing: true, localModules: { state: 'ok', value: ['kvmfr'] } },
    });
  });
});

describe('confinesDaemon', () => {
  it.each([
    ['libvirtd (enforce)\n', true],
    ['/usr/sbin/libvirtd (complain)\n', true],
    ['virtqemud (enforce)\n', true],
    ['libvirtd//qemu_bridge_helper (enforce)\n', false],
    ['libvirtd (unconfined)\n', false],
    ['', false],
  ])('%j: %s', (text, expected) => expect(confinesDaemon(text)).toBe(expected));
});

const allows = (text: string) => allowsReadWrite(parseAppArmorRules(text), '/dev/kvmfr0');

describe('AppArmor rules', () => {
  it.each([
    '/dev/kvmfr0 rw,',
    '  "/dev/kvmfr0" rwk,',
    '/dev/kvmfr* rw,',
    '/dev/kvmfr[0-9] rw,',
    '/dev/{kvmfr0,kvmfr1} wr,',
    'file /dev/** rw,',
  ])('granted by %s', (rule) => expect(allows(rule)).toBe(true));

  it.each([
    '/dev/kvmfr0 r,',
    '#/dev/kvmfr0 rw,',
    '/dev/kvmfr1 rw,',
    '/dev/kvmfr0 rw',
    '/dev/*/kvmfr0 rw,',
    '/dev/kvmfr0 rw,\ndeny /dev/kvmfr0 w,',
  ])('not granted by %j', (rules) => expect(allows(rules)).toBe(false));

  it('take any text and any pattern in time', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^\/[a*?{}[\],\\]{0,40}$/), (text, pattern) => {
        parseAppArmorRules(`/${text} rw,`);
        expect(typeof matchesPattern(pattern, '/dev/kvmfr0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).toBe('boolean');
      }),
    );
    expect(matchesPattern('/**a**a**a**a**a**a**a**a**a**a', `/${'a'.repeat(4000)}b`)).toBe(false);
  });
});
