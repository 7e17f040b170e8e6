import { defineCheck, type SubjectOutcome } from '../../../src/engine/check.ts';
import { type Evidence, fail, notApplicable, type Outcome, pass } from '../../../src/engine/outcome.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { LibvirtMode } from '../../../src/facts/libvirt.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import type { QemuConf } from '../../../src/facts/qemu-conf.ts';
import { confList, confText } from '../../../src/libvirt/conf.ts';
import { qemuConfSteps } from '../../../src/remedy/services.ts';

/** What a guest is given when `cgroup_device_acl` is not set, in every version; newer ones add /dev/userfaultfd. */
const DEFAULT_DEVICES = ['/dev/null', '/dev/full', '/dev/zero', '/dev/random', '/dev/urandom', '/dev/ptmx', '/dev/kvm'];

export default defineCheck({
  id: 'preflight/libvirt/qemu-conf',
  title: 'qemu.conf sets nothing that breaks a VM',
  severity: 'minor',
  needs: ['qemuConf'],
  wants: ['qemuUser', 'libvirt', 'platform'],
  why: 'A list of devices without /dev/kvm, a user that does not exist, or one wrong character, and no VM starts.',
  sources: ['https://libvirt.org/drvqemu.html', 'https://gitlab.com/libvirt/libvirt/-/blob/master/src/qemu/qemu.conf.in'],
  evaluate({ qemuConf, qemuUser, libvirt, platform }) {
    if (platform.ok && platform.value.hasOwnVms === true) return notApplicable('Proxmox VE runs its VMs without libvirt');
    const mode = libvirt.ok ? (libvirt.value.mode ?? 'monolithic') : 'monolithic';
    const findings = [
      ...syntax(qemuConf),
      ...devices(qemuConf, mode, platform),
      ...(qemuUser.ok ? [] : unknownUser(qemuConf, qemuUser.error.reason)),
      ...confinement(qemuConf),
      ...ownership(qemuConf),
      ...nvram(qemuConf),
    ];
    if (findings.length > 0) return findings;
    const set = qemuConf.settings.map(({ name }) => name).join(', ');
    const observed = set === '' ? 'every setting has its default' : `sets ${set}`;
    return pass({ source: qemuConf.path, observed: qemuConf.exists ? observed : 'not there: every setting has its default' });
  },
});

function found(subject: string, outcome: Outcome): SubjectOutcome[] {
  return [{ subject, outcome }];
}

function lineOf(conf: QemuConf, name: string): Evidence {
  const setting = conf.settings.find((candidate) => candidate.name === name);
  const value = JSON.stringify(setting?.value ?? null).slice(0, 200);
  return { source: `${conf.path}:${setting?.line ?? 1}`, observed: `${name} = ${value}` };
}

function syntax({ path, problem }: QemuConf): SubjectOutcome[] {
  if (problem === null) return [];
  const outcome = fail(`line ${problem.line}: ${problem.message}; libvirt refuses the whole file`, {
    evidence: [{ source: `${path}:${problem.line}`, observed: problem.message }],
    remedy: { summary: `Mend line ${problem.line} of ${path}: strings in quotes, no comment inside a list` },
    severity: 'major',
  });
  return found('syntax', outcome);
}

function devices(conf: QemuConf, mode: LibvirtMode, platform: Attempt<Platform>): SubjectOutcome[] {
  const listed = confList(conf, 'cgroup_device_acl');
  const missing = DEFAULT_DEVICES.filter((device) => listed !== null && !listed.includes(device));
  if (listed === null || missing.length === 0) return [];
  const line = `cgroup_device_acl = [ ${[...DEFAULT_DEVICES, ...listed.filter((device) => !DEFAULT_DEVICES.includes(device))].map((device) => `"${device}"`).join(', ')} ]`;
  const summary = 'List the default devices too: the setting replaces them';
  const outcome = fail(`cgroup_device_acl lacks ${missing.join(', ')}`, {
    evidence: [{ ...lineOf(conf, 'cgroup_device_acl'), expected: 'the defaults and more' }],
    remedy: platform.ok ? { summary, steps: qemuConfSteps(platform.value, mode, [line]) } : { summary },
    ...(missing.includes('/dev/kvm') ? { severity: 'major' } : {}),
  });
  return found('cgroup_device_acl', outcome);
}

function unknownUser(conf: QemuConf, reason: string): SubjectOutcome[] {
  const name = ['user', 'group'].find((setting) => confText(conf, setting) !== null);
  if (name === undefined) return [];
  const outcome = fail(`${reason}; unless a directory service knows it, libvirt starts no VM`, {
    evidence: [lineOf(conf, name)],
    remedy: { summary: `Name a user and a group that exist in ${conf.path}, or leave both out, and restart libvirt` },
    severity: 'major',
  });
  return found(name, outcome);
}

function confinement(conf: QemuConf): SubjectOutcome[] {
  const isConfined = confText(conf, 'security_require_confined') === '1';
  if (!isConfined || confText(conf, 'security_driver') !== 'none') return [];
  const outcome = fail('security_require_confined asks for what security_driver = "none" switches off', {
    evidence: [lineOf(conf, 'security_driver'), lineOf(conf, 'security_require_confined')],
    remedy: { summary: `Remove one of the two from ${conf.path}, and restart libvirt` },
  });
  return found('security_driver', outcome);
}

function ownership(conf: QemuConf): SubjectOutcome[] {
  const user = confText(conf, 'user');
  if (confText(conf, 'dynamic_ownership') !== '0' || user === 'root' || user === '+0' || user === '0') return [];
  const outcome = fail("dynamic_ownership = 0: libvirt does not give QEMU's user the VFIO devices, disks and images of a VM", {
    evidence: [lineOf(conf, 'dynamic_ownership')],
    remedy: { summary: `Remove it from ${conf.path}, or give every file and /dev/vfio group to QEMU's user by hand` },
  });
  return found('dynamic_ownership', outcome);
}

function nvram(conf: QemuConf): SubjectOutcome[] {
  if (confList(conf, 'nvram') === null) return [];
  const outcome = fail('nvram is obsolete: it overrides the firmware descriptors', {
    evidence: [lineOf(conf, 'nvram')],
    remedy: { summary: `Remove nvram from ${conf.path}: libvirt finds the firmware through /usr/share/qemu/firmware` },
    severity: 'info',
  });
  return found('nvram', outcome);
}
