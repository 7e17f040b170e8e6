import { mapReading, ok, type Reading, unreadable } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { type AppArmorRule, parseAppArmorRules } from './apparmor-rules.ts';
import { defineFact } from './fact.ts';
import { readAttribute, readText } from './read.ts';

/** What confines QEMU besides file modes. */
export interface SecurityModules {
  /** Absent: the kernel has no AppArmor, or it is off. */
  readonly appArmor: Reading<AppArmor>;
  /** Absent: the kernel has no SELinux, or it is off. */
  readonly seLinux: Reading<SeLinux>;
}

export interface AppArmor {
  /** libvirt confines VMs only when its own daemon has a profile. */
  readonly confinesVms: Reading<boolean>;
  /** Rules for files that every VM gets, with the file they stand in; absent: libvirt's AppArmor files are not installed. */
  readonly rules: Reading<readonly AppArmorRule[]>;
}

export interface SeLinux {
  readonly isEnforcing: boolean;
  /** Names of the modules that an administrator added. */
  readonly localModules: Reading<readonly string[]>;
}

const ABSTRACTION = '/etc/apparmor.d/abstractions/libvirt-qemu';
/** Where an administrator adds rules that an update of the package does not touch. */
export const LOCAL_ABSTRACTION = '/etc/apparmor.d/local/abstractions/libvirt-qemu';

/** AppArmor and SELinux, as far as they decide what QEMU may open. */
export const securityModules = defineFact({
  id: 'securityModules',
  collect(host): SecurityModules {
    return { appArmor: readAppArmor(host), seLinux: readSeLinux(host) };
  },
});

function readAppArmor(host: HostSource): Reading<AppArmor> {
  const enabled = readAttribute(host, '/sys/module/apparmor/parameters/enabled');
  if (enabled.state !== 'ok') return enabled;
  if (enabled.value !== 'Y') return { state: 'absent' };
  const profiles = readText(host, '/sys/kernel/security/apparmor/profiles');
  return ok({
    // The file is always there when AppArmor is on, so "absent" means that securityfs is not mounted here.
    confinesVms: profiles.state === 'absent' ? unreadable('failed', 'securityfs is not mounted') : mapReading(profiles, confinesDaemon),
    rules: readRules(host),
  });
}

/** Lines `name (mode)`; libvirt asks for the profile of its daemon, by path or by name. src/security/security_apparmor.c */
export function confinesDaemon(profiles: string): boolean {
  return /^(?:\S*\/)?(?:libvirtd|virtqemud) \((?:enforce|complain)\)$/m.test(profiles);
}

function readRules(host: HostSource): Reading<readonly AppArmorRule[]> {
  const shared = readText(host, ABSTRACTION);
  if (shared.state !== 'ok') return shared;
  const local = readText(host, LOCAL_ABSTRACTION);
  if (local.state === 'unreadable') return local;
  const added = local.state === 'ok' && includesLocal(shared.value) ? parseAppArmorRules(local.value) : [];
  return ok([...parseAppArmorRules(shared.value), ...added]);
}

/** Abstractions of libvirt before 5.1 have no place for local rules. */
function includesLocal(text: string): boolean {
  return /^\s*#?include (?:if exists )?<local\/abstractions\/libvirt-qemu>/m.test(text);
}

function readSeLinux(host: HostSource): Reading<SeLinux> {
  const enforce = readAttribute(host, '/sys/fs/selinux/enforce');
  return mapReading(enforce, (value) => ({
    isEnforcing: value === '1',
    localModules: host.list('/var/lib/selinux/targeted/active/modules/400'),
  }));
}
