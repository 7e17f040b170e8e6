import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotCollect, couldNotLook, type Evidence, fail, type Outcome, pass, type Remedy } from '../../../src/engine/outcome.ts';
import type { Caller } from '../../../src/facts/caller.ts';
import type { Cpu } from '../../../src/facts/cpu.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import { hintAboutList } from '../../../src/facts/file-access.ts';
import { KVM_DEVICE, type KvmDevice } from '../../../src/facts/kvm-device.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import type { QemuUser } from '../../../src/facts/qemu-user.ts';
import type { FileStat } from '../../../src/host/source.ts';
import { loadModuleSteps } from '../../../src/remedy/modules.ts';
import { groupSteps } from '../../../src/remedy/services.ts';

export default defineCheck({
  id: 'preflight/kvm/device',
  title: 'QEMU can open /dev/kvm',
  severity: 'blocker',
  needs: ['kvmDevice', 'config'],
  wants: ['qemuUser', 'caller', 'cpu', 'platform'],
  why: 'Without /dev/kvm a guest does not start, or is emulated: far too slow to use.',
  sources: [
    'https://docs.kernel.org/virt/kvm/api.html',
    // A guest's own /dev/kvm is made with the mode, owner and list of the host's: qemuNamespaceMknodOne.
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/qemu/qemu_namespace.c',
  ],
  evaluate({ kvmDevice, config, qemuUser, caller, cpu, platform }) {
    const { device } = kvmDevice;
    if (device.state === 'unreadable') return couldNotLook(KVM_DEVICE, device.detail, 'run passcheck as root');
    if (device.state === 'absent') return isMissing(cpu, platform);
    if (device.value.kind !== 'character-device') {
      return fail(`${KVM_DEVICE} is a ${device.value.kind}, not a character device`, {
        evidence: [{ source: KVM_DEVICE, observed: device.value.kind, expected: 'character-device' }],
        remedy: { summary: `Remove ${KVM_DEVICE} and let udev make it`, steps: [{ run: `rm ${KVM_DEVICE}` }, ...RELOAD] },
      });
    }
    if (config.connection === 'qemu:///session') return judgeCaller(kvmDevice, device.value, caller, platform);
    return judgeQemu(kvmDevice, device.value, qemuUser, platform);
  },
});

const RELOAD = [{ run: 'udevadm control --reload' }, { run: 'udevadm trigger --sysname-match=kvm' }];

/** No device: is the module not loaded, is it not told, or is there nothing to load it for? */
function isMissing(cpu: Attempt<Cpu>, platform: Attempt<Platform>): Outcome {
  const device: Evidence = { source: KVM_DEVICE, observed: 'not there', expected: 'a character device' };
  if (!cpu.ok) return fail('there is no /dev/kvm', { evidence: [device], remedy: { summary: 'Load the KVM module of this CPU' } });
  const { vendor, flags, kvmModule } = cpu.value;
  if (kvmModule.state === 'ok') {
    return fail(`${kvmModule.value.name} is loaded, but there is no /dev/kvm`, {
      evidence: [device, { source: `/sys/module/${kvmModule.value.name}`, observed: 'loaded' }],
      remedy: { summary: 'Let udev make the device; in a container, hand /dev/kvm in', steps: RELOAD },
    });
  }
  if (!flags.has('vmx') && !flags.has('svm')) {
    return fail('there is no /dev/kvm, because this CPU shows no virtualisation: see preflight/cpu/virtualization', {
      evidence: [device, { source: '/proc/cpuinfo', observed: 'no flag vmx or svm' }],
      remedy: { summary: 'Mend what preflight/cpu/virtualization says; the module then loads by itself' },
    });
  }
  const name = vendor === 'intel' ? 'kvm_intel' : 'kvm_amd';
  const summary = `Load ${name}; when it refuses, the firmware has switched virtualisation off: see preflight/cpu/virtualization`;
  return fail(`${name} is not loaded`, {
    evidence: [device, { source: `/sys/module/${name}`, observed: 'not there' }],
    remedy: platform.ok ? { summary, steps: loadModuleSteps(platform.value, [name]) } : { summary },
  });
}

function judgeCaller({ callerMayUse }: KvmDevice, stat: FileStat, caller: Attempt<Caller>, platform: Attempt<Platform>): Outcome {
  if (caller.ok && caller.value.isRoot && caller.value.sudoUser !== null) {
    return couldNotLook(KVM_DEVICE, 'root may open it, and QEMU of a session runs as the user', 'run passcheck without sudo');
  }
  if (callerMayUse.state !== 'ok') return couldNotLook(KVM_DEVICE, 'not known whether this user may open it', 'run passcheck on the host');
  if (callerMayUse.value) return pass({ source: KVM_DEVICE, observed: `${describe(stat)}, open to this user` });
  const user = caller.ok ? (caller.value.name ?? String(caller.value.uid)) : '$USER';
  return fail(`${user} may not open ${KVM_DEVICE}`, {
    evidence: [{ source: KVM_DEVICE, observed: describe(stat), expected: `readable and writable for ${user}` }],
    remedy: remedyFor(user, stat, platform, 'person'),
  });
}

function judgeQemu({ qemuMayUse }: KvmDevice, stat: FileStat, user: Attempt<QemuUser | null>, platform: Attempt<Platform>): Outcome {
  // Fedora's mode: whoever QEMU's user is.
  if ((stat.mode & 0o006) === 0o006) return pass({ source: KVM_DEVICE, observed: describe(stat) });
  if (!user.ok) return couldNotCollect(user.error, 'run passcheck as root');
  if (user.value === null || qemuMayUse.state !== 'ok') {
    return couldNotLook('/etc/passwd', 'no user that libvirt runs QEMU as', 'install libvirt: it brings that user');
  }
  const name = user.value.name ?? String(user.value.uid);
  const groups = user.value.groups.map((group) => group.name).join(', ');
  const who = { source: user.value.source, observed: `QEMU runs as ${name}, groups ${groups}` };
  if (qemuMayUse.value.state === 'reachable') return pass({ source: KVM_DEVICE, observed: describe(stat) }, who);
  if (qemuMayUse.value.state === 'unknown')
    return couldNotLook(qemuMayUse.value.at, qemuMayUse.value.reason, hintAboutList(qemuMayUse.value, `may ${name} read and write?`));
  return fail(`${name}, the user that QEMU runs as, may not open ${qemuMayUse.value.at}`, {
    evidence: [{ source: KVM_DEVICE, observed: describe(stat), expected: `readable and writable for ${name}` }, who],
    remedy: remedyFor(name, stat, platform, 'service'),
  });
}

function describe({ mode, uid, gid }: FileStat): string {
  return `mode ${mode.toString(8).padStart(4, '0')}, uid ${uid}, gid ${gid}`;
}

/** Where the group may open it, the user joins the group; else the device gets its usual group and mode. */
function remedyFor(user: string, { mode, gid }: FileStat, platform: Attempt<Platform>, who: 'person' | 'service'): Remedy {
  if ((mode & 0o060) === 0o060 && gid !== 0) {
    const summary = `Put ${user} into the group kvm`;
    return platform.ok ? { summary, steps: groupSteps(platform.value, user, ['kvm'], who) } : { summary };
  }
  const rule = { file: '/etc/udev/rules.d/65-kvm.rules', line: 'KERNEL=="kvm", GROUP="kvm", MODE="0660"' };
  return { summary: `Give ${KVM_DEVICE} to the group kvm, with ${user} in it`, steps: [rule, ...RELOAD] };
}
