import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parsePolkitRules } from './polkit.ts';

const rule = (condition: string, result = 'polkit.Result.YES'): string => `polkit.addRule(function(action, subject) {
    if (${condition}) {
        return ${result};
    }
});
`;
const MANAGE = 'action.id == "org.libvirt.unix.manage"';

describe('parsePolkitRules', () => {
  it('reads the group that the rule of libvirt itself lets in', () => {
    const text = `// Allow any user in the 'libvirt' group to connect to system libvirtd\n${rule(`${MANAGE} &&\n        subject.isInGroup("libvirt")`)}`;
    expect(parsePolkitRules(text)).toEqual({ groups: ['libvirt'], users: [], isOpaque: false });
  });

  it('reads users, and both spellings of quotes', () => {
    expect(parsePolkitRules(rule(`action.id === 'org.libvirt.unix.manage' && subject.user === 'alice'`)).users).toEqual(['alice']);
  });

  it('leaves out rules about something else', () => {
    const other = rule('action.id == "org.freedesktop.udisks2.mount" && subject.isInGroup("storage")');
    expect(parsePolkitRules(other + rule(`${MANAGE} && subject.isInGroup("wheel")`)).groups).toEqual(['wheel']);
    expect(parsePolkitRules(other)).toEqual({ groups: [], users: [], isOpaque: false });
  });

  it('leaves out groups that are let only look', () => {
    expect(parsePolkitRules(rule('action.id == "org.libvirt.unix.monitor" && subject.isInGroup("users")')).groups).toEqual([]);
  });

  it('leaves out comments and rules that ask for a password', () => {
    expect(parsePolkitRules(`// ${rule(`${MANAGE} && subject.isInGroup("a")`).replaceAll('\n', '\n// ')}`).groups).toEqual([]);
    expect(parsePolkitRules(rule(`${MANAGE} && subject.isInGroup("a")`, 'polkit.Result.AUTH_ADMIN')).groups).toEqual([]);
  });

  it('knows a rule that only polkit can judge', () => {
    expect(parsePolkitRules(rule('action.id.indexOf("org.libvirt") == 0 && subject.active')).isOpaque).toBe(true);
  });

  it('takes any text, and a megabyte of line ends', () => {
    expect(parsePolkitRules('\n'.repeat(1_000_000)).isOpaque).toBe(false);
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom('polkit.addRule', 'org.libvirt', 'isInGroup("a")', '\n', '//', 'Result.YES')).map((parts) => parts.join('')),
    );
    expect(fc.check(fc.property(text, (anything) => parsePolkitRules(anything).users.length === 0)).failed).toBe(false);
  });
});
