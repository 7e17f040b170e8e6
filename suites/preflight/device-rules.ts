import { couldNotCollect, couldNotLook, fail, type Outcome } from '../../src/engine/outcome.ts';
import { allowsReadWrite } from '../../src/facts/apparmor-rules.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import type { Libvirt } from '../../src/facts/libvirt.ts';
import type { Platform } from '../../src/facts/platform.ts';
import type { QemuConf } from '../../src/facts/qemu-conf.ts';
import { type AppArmor, LOCAL_ABSTRACTION, type SecurityModules, type SeLinux } from '../../src/facts/security-modules.ts';
import type { Reading } from '../../src/host/reading.ts';
import { confList } from '../../src/libvirt/conf.ts';
import { qemuConfSteps } from '../../src/remedy/services.ts';

/** What decides, besides the mode of a device, whether QEMU may open it. */
export interface DeviceRules {
  readonly connection: 'qemu:///system' | 'qemu:///session';
  readonly qemuConf: Attempt<QemuConf>;
  readonly libvirt: Attempt<Libvirt>;
  readonly securityModules: Attempt<SecurityModules>;
  readonly platform: Platform | null;
}

/** libvirt's own list; one in qemu.conf replaces it. https://gitlab.com/libvirt/libvirt/-/blob/master/src/qemu/qemu_cgroup.c */
const DEFAULT_DEVICES = ['/dev/null', '/dev/full', '/dev/zero', '/dev/random', '/dev/urandom', '/dev/ptmx', '/dev/kvm', '/dev/userfaultfd'];

/** cgroup, AppArmor, SELinux. Null: none of them stands in the way. */
export function judgeDeviceRules(path: string, rules: DeviceRules): Outcome | null {
  // A session has neither a cgroup for devices nor a security driver.
  if (rules.connection === 'qemu:///session') return null;
  const { qemuConf, securityModules } = rules;
  const hidden = [qemuConf, securityModules].flatMap((attempt) => (attempt.ok ? [] : [attempt.error]))[0];
  const outcomes = [
    qemuConf.ok ? judgeCgroup([path], qemuConf.value, rules) : null,
    securityModules.ok ? judgeSecurity(path, securityModules.value, qemuConf) : null,
    hidden === undefined ? null : couldNotCollect(hidden, 'run passcheck as root'),
  ];
  return outcomes.find((outcome) => outcome?.status === 'fail') ?? outcomes.find((outcome) => outcome !== null) ?? null;
}

/** May QEMU open it by libvirt's list of devices? Null: yes. */
export function judgeCgroup(
  paths: readonly string[],
  conf: QemuConf,
  { libvirt, platform }: Pick<DeviceRules, 'libvirt' | 'platform'>,
): Outcome | null {
  const controllers = confList(conf, 'cgroup_controllers');
  const listed = confList(conf, 'cgroup_device_acl');
  const missing = paths.filter((path) => listed?.includes(path) !== true);
  if (missing.length === 0 || (controllers !== null && !controllers.includes('devices'))) return null;
  const names = missing.join(', ');
  const devices = [...new Set([...(listed ?? DEFAULT_DEVICES), ...missing])];
  const line = `cgroup_device_acl = [ ${devices.map((device) => JSON.stringify(device)).join(', ')} ]`;
  const mode = libvirt.ok && libvirt.value.mode !== null ? libvirt.value.mode : 'monolithic';
  return fail(`the VM’s cgroup does not let QEMU open ${names}`, {
    evidence: [{ source: conf.path, observed: `cgroup_device_acl ${listed === null ? 'not set' : `without ${names}`}`, expected: names }],
    remedy: {
      summary: `Add ${names} to cgroup_device_acl; the list replaces libvirt's own, so it must name the other devices too`,
      ...(platform === null ? { steps: [{ file: conf.path, line }] } : { steps: qemuConfSteps(platform, mode, [line]) }),
    },
  });
}

/** `security_driver` can switch both off, or name the one that counts. */
export function judgeSecurity(path: string, { appArmor, seLinux }: SecurityModules, conf: Attempt<QemuConf>): Outcome | null {
  const drivers = conf.ok ? confList(conf.value, 'security_driver') : null;
  const counts = (driver: string): boolean => drivers === null || drivers.includes(driver);
  const outcomes = [counts('apparmor') ? judgeAppArmor(path, appArmor) : null, counts('selinux') ? judgeSeLinux(path, seLinux) : null];
  return outcomes.find((outcome) => outcome?.status === 'fail') ?? outcomes.find((outcome) => outcome !== null) ?? null;
}

function judgeAppArmor(path: string, appArmor: Reading<AppArmor>): Outcome | null {
  if (appArmor.state === 'absent') return null;
  if (appArmor.state === 'unreadable')
    return couldNotLook('/sys/module/apparmor/parameters/enabled', appArmor.detail, 'look at `aa-status`');
  const { confinesVms, rules } = appArmor.value;
  if (confinesVms.state === 'ok' && !confinesVms.value) return null;
  if (rules.state === 'absent' || (rules.state === 'ok' && allowsReadWrite(rules.value, path))) return null;
  if (rules.state === 'unreadable') return couldNotLook(LOCAL_ABSTRACTION, rules.detail, 'run passcheck as root');
  if (confinesVms.state !== 'ok') {
    const reason = confinesVms.state === 'absent' ? 'not there' : confinesVms.detail;
    return couldNotLook('/sys/kernel/security/apparmor/profiles', reason, 'run passcheck as root');
  }
  return fail(`AppArmor does not let QEMU open ${path}`, {
    evidence: [{ source: LOCAL_ABSTRACTION, observed: `no rule for ${path}`, expected: `${path} rw,` }],
    remedy: {
      summary: 'Allow it in the rules that every VM gets; the next start of the VM uses them',
      steps: [{ file: LOCAL_ABSTRACTION, line: `${path} rw,` }],
    },
  });
}

/** The policy that is loaded cannot be read as text, so a module of that name is the only sign. */
function judgeSeLinux(path: string, seLinux: Reading<SeLinux>): Outcome | null {
  if (seLinux.state === 'absent') return null;
  if (seLinux.state === 'unreadable') return couldNotLook('/sys/fs/selinux/enforce', seLinux.detail, 'look at `getenforce`');
  const { isEnforcing, localModules } = seLinux.value;
  if (!isEnforcing || (localModules.state === 'ok' && localModules.value.some((name) => /kvmfr|looking.?glass/i.test(name)))) return null;
  const seen = localModules.state === 'unreadable' ? localModules.detail : 'no local module is named after kvmfr';
  return couldNotLook(
    '/var/lib/selinux/targeted/active/modules/400',
    `SELinux enforces, and ${seen}`,
    `start the VM and look for ${path} in \`ausearch -m avc -ts recent\`; a module must allow svirt_t to map it`,
  );
}
