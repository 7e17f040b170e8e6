import { defineCheck } from '../../../src/engine/check.ts';
import {
  couldNotLook,
  type Evidence,
  fail,
  notApplicable,
  type Outcome,
  pass,
  passWith,
  type RemedyStep,
} from '../../../src/engine/outcome.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { Libvirt } from '../../../src/facts/libvirt.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import type { QemuConf } from '../../../src/facts/qemu-conf.ts';
import { installSteps } from '../../../src/remedy/packages.ts';
import { startLibvirtSteps } from '../../../src/remedy/services.ts';

export default defineCheck({
  id: 'preflight/libvirt/daemon',
  title: 'libvirt is there and answers',
  severity: 'blocker',
  needs: ['libvirt'],
  wants: ['platform', 'qemuConf'],
  why: 'libvirt starts the VM, hands it the GPU and gives the GPU back.',
  sources: ['https://libvirt.org/daemons.html', 'https://man7.org/linux/man-pages/man5/proc_net.5.html'],
  evaluate({ libvirt, platform, qemuConf }) {
    const { answer, isListening } = libvirt;
    if (platform.ok && platform.value.hasOwnVms === true && answer.state !== 'read') return notApplicable(OWN_VMS);
    if (answer.state === 'read') return pass({ source: answer.source, observed: 'it answers' }, ...socketEvidence(libvirt));
    if (answer.state === 'could-not-look') return couldNotLook(answer.source, answer.reason, answer.hint);
    if (libvirt.uri === 'qemu:///session') return sessionFails(libvirt, platform);
    if (answer.state === 'unreachable') return unreachable(libvirt, answer, platform, qemuConf);
    if (isListening.state === 'ok' && isListening.value) return passWith('virsh is not installed', LISTENS, ...socketEvidence(libvirt));
    if (isListening.state !== 'ok') {
      const reason = isListening.state === 'absent' ? 'not there' : isListening.detail;
      return couldNotLook('/proc/net/unix', reason, "install virsh (libvirt's client tools), or run passcheck on the host");
    }
    return notRunning(libvirt, platform, qemuConf);
  },
});

const OWN_VMS = 'Proxmox VE runs its VMs itself (qm), without libvirt; passcheck judges the host and does not read those VMs';

const LISTENS: Evidence = { source: '/proc/net/unix', observed: 'something listens on its socket' };

/** virsh ran and got no connection: its words tell a daemon that is not there from one that refuses this user. */
function unreachable(
  libvirt: Libvirt,
  { source, reason }: { source: string; reason: string },
  platform: Attempt<Platform>,
  qemuConf: Attempt<QemuConf>,
): Outcome {
  const { isListening } = libvirt;
  const listens = isListening.state === 'ok' && isListening.value;
  if (/connect socket.*(?:No such file or directory|Connection refused)/.test(reason)) {
    // Ordinary users are asked through the read-only socket, which can be switched off on its own.
    if (!listens || !reason.includes('sock-ro')) return notRunning(libvirt, platform, qemuConf);
    return passWith('its read-only socket is missing', LISTENS, ...socketEvidence(libvirt));
  }
  if (/no connection driver available/.test(reason)) return noDriver(libvirt, source, reason, platform);
  // Whether this user may use it is the question of preflight/libvirt/access.
  if (/authenticat|access denied|polkit|system bus/i.test(reason) || (listens && /Permission denied/.test(reason))) {
    const answers: Evidence = { source, observed: reason };
    return passWith('it answers, and refuses this user', answers, ...(listens ? [LISTENS] : []), ...socketEvidence(libvirt));
  }
  return couldNotLook(source, reason, 'run the command by hand, or run passcheck as root');
}

function noDriver({ mode }: Libvirt, source: string, reason: string, platform: Attempt<Platform>): Outcome {
  const summary = "Install libvirt's QEMU driver; when it is there, look for an error in qemu.conf";
  const log = { run: `journalctl --boot --unit ${mode === 'modular' ? 'virtqemud' : 'libvirtd'}` };
  return fail('libvirt runs without its QEMU driver', {
    evidence: [{ source, observed: reason }],
    remedy: platform.ok ? { summary, steps: [...installSteps(platform.value, ['libvirt']), log] } : { summary },
  });
}

function socketEvidence({ uri, socket }: Libvirt): Evidence[] {
  return uri === 'qemu:///system' && socket.state === 'ok' ? [{ source: socket.value.path, observed: `${socket.value.mode} libvirt` }] : [];
}

function notInstalled(platform: Attempt<Platform>): Outcome {
  const summary = 'Install libvirt, and start it';
  return fail('libvirt is not installed', {
    evidence: [
      { source: '/run/libvirt', observed: 'no socket', expected: 'libvirt-sock or virtqemud-sock' },
      { source: '/usr/sbin', observed: 'no libvirtd, no virtqemud' },
    ],
    remedy: platform.ok ? { summary, steps: [...installSteps(platform.value, ['libvirt']), ...firstStart(platform.value)] } : { summary },
  });
}

/** Debian and its kin start what they install, and NixOS what is switched on. */
function firstStart(platform: Platform): RemedyStep[] {
  const { distribution } = platform;
  if (distribution === 'arch') return startLibvirtSteps(platform, 'monolithic');
  const isModular = distribution === 'fedora' || distribution === 'fedora-atomic' || distribution === 'opensuse';
  return isModular ? startLibvirtSteps(platform, 'modular') : [];
}

function notRunning(libvirt: Libvirt, platform: Attempt<Platform>, qemuConf: Attempt<QemuConf>): Outcome {
  const { answer, socket, daemon } = libvirt;
  if (daemon.state === 'absent' && socket.state === 'absent') return notInstalled(platform);
  const mode = libvirt.mode ?? 'monolithic';
  const name = mode === 'modular' ? 'virtqemud' : 'libvirtd';
  const seen: Evidence =
    socket.state === 'ok'
      ? { source: socket.value.path, observed: 'a socket that nobody listens on' }
      : { source: '/run/libvirt', observed: 'no socket', expected: mode === 'modular' ? 'virtqemud-sock' : 'libvirt-sock' };
  // A libvirt that cannot parse qemu.conf does not start at all.
  const problem = qemuConf.ok ? qemuConf.value.problem : null;
  const conf = qemuConf.ok && problem !== null ? { source: `${qemuConf.value.path}:${problem.line}`, observed: problem.message } : null;
  const summary = `${conf === null ? '' : `Mend ${conf.source}, then `}${conf === null ? 'Start' : 'start'} ${name} now and at every boot`;
  return fail(`${name} is installed and does not run`, {
    evidence: [
      seen,
      { source: answer.source, observed: answer.state === 'unreachable' ? answer.reason : 'virsh is not installed' },
      ...(daemon.state === 'ok' ? [{ source: daemon.value, observed: 'there' }] : []),
      ...(conf === null ? [] : [conf]),
    ],
    remedy: platform.ok ? { summary, steps: startLibvirtSteps(platform.value, mode) } : { summary },
  });
}

/** A session has no service: virsh starts its daemon. */
function sessionFails({ answer, daemon }: Libvirt, platform: Attempt<Platform>): Outcome {
  if (daemon.state !== 'ok') return notInstalled(platform);
  const reason = answer.state === 'unreachable' ? answer.reason : 'virsh is not installed';
  return fail(`the session's libvirt does not answer: ${reason}`, {
    evidence: [{ source: answer.source, observed: reason, expected: 'a list of domains' }],
    remedy: { summary: 'Run the command by hand in a login session of this user, and mend what it says' },
  });
}
