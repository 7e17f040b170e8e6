import { defineCheck, type SubjectOutcome } from '../../../src/engine/check.ts';
import { couldNotLook, fail, type Outcome, pass, type Remedy } from '../../../src/engine/outcome.ts';
import type { Kvmfr } from '../../../src/facts/kvmfr.ts';
import { isDevice, type SharedMemoryFile } from '../../../src/facts/looking-glass.ts';
import type { MemoryUser } from '../../../src/facts/looking-glass.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import { loadModuleSteps, modprobeSteps } from '../../../src/remedy/modules.ts';
import { installSteps } from '../../../src/remedy/packages.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';
import { type DeviceRules, judgeDeviceRules } from '../device-rules.ts';
import { fileEvidence, inMiB, judgeSize, judgeUsers, memoryDemand, notUsed } from '../looking-glass-memory.ts';

const MIB = 1024 * 1024;

export default defineCheck({
  id: 'preflight/looking-glass/kvmfr',
  title: 'The kvmfr device is loaded, large enough, and QEMU may use it',
  severity: 'major',
  needs: ['lookingGlass', 'config', 'kvmfr'],
  wants: ['lookingGlassClient', 'platform', 'qemuConf', 'libvirt', 'securityModules'],
  why: 'A VM that maps a kvmfr device does not start when QEMU may not open it; without the module QEMU leaves a plain file in its place.',
  sources: ['https://looking-glass.io/docs/B7/ivshmem_kvmfr/', 'https://libvirt.org/drvqemu.html'],
  evaluate({ lookingGlass, config, kvmfr, lookingGlassClient, platform, ...rules }): Outcome | readonly SubjectOutcome[] {
    const devices = lookingGlass.filter(({ path }) => isDevice(path));
    if (devices.length === 0) return notUsed();
    const known = platform.ok ? platform.value : null;
    const demand = memoryDemand(config, lookingGlassClient);
    return devices.map((device) => ({
      subject: device.path,
      outcome:
        judgeDevice(device, kvmfr, known) ??
        judgeSizes(device, kvmfr, demand, known) ??
        judgeUsers(device, (user) => mayOpen(user, known)) ??
        judgeDeviceRules(device.path, { ...rules, connection: config.connection, platform: known } satisfies DeviceRules) ??
        judgeNextBoot(device.path, kvmfr, known) ??
        pass(fileEvidence(device), ...(kvmfr.sizes === null ? [] : [sizeEvidence(kvmfr.sizes)])),
    }));
  },
});

function sizeEvidence({ mib, source }: NonNullable<Kvmfr['sizes']>) {
  return { source, observed: `static_size_mb=${mib.join(',')}` };
}

function judgeDevice({ path, stat }: SharedMemoryFile, { module, sizes }: Kvmfr, platform: Platform | null): Outcome | null {
  if (stat.state === 'unreadable') return couldNotLook(path, stat.detail, 'run passcheck as root');
  if (stat.state === 'ok' && stat.value.kind === 'character-device') return null;
  const load = platform === null ? [] : loadModuleSteps(platform, ['kvmfr']);
  if (stat.state === 'ok') {
    return fail(`${path} is a ${stat.value.kind}: QEMU made it before the module kvmfr was loaded`, {
      evidence: [{ source: path, observed: stat.value.kind, expected: 'character-device' }],
      remedy: { summary: 'Remove the file while the VM is off, then load the module', steps: [{ run: `rm ${shellWord(path)}` }, ...load] },
    });
  }
  if (module.state === 'unreadable') return couldNotLook('/sys/module/kvmfr', module.detail, 'look at `lsmod`');
  const isLoaded = module.state === 'ok';
  const install = platform === null ? [] : installSteps(platform, ['kvmfr']);
  return fail(isLoaded ? `the module kvmfr is loaded, but there is no ${path}` : 'the module kvmfr is not loaded', {
    evidence: [
      { source: path, observed: 'not there', expected: 'character-device' },
      { source: '/sys/module/kvmfr', observed: isLoaded ? 'is there' : 'not there' },
    ],
    remedy:
      isLoaded && sizes === null
        ? setSize(32, platform)
        : { summary: 'Install kvmfr and load it at every boot', steps: [...install, ...load] },
  });
}

/** QEMU maps as much as the VM asks for; the module gives what it was loaded with. */
function judgeSizes(
  { path, source, sizeBytes }: SharedMemoryFile,
  { sizes }: Kvmfr,
  demand: ReturnType<typeof memoryDemand>,
  platform: Platform | null,
): Outcome | null {
  const index = Number(/\d{1,2}$/.exec(path)?.[0] ?? 0);
  const deviceMiB = sizes?.mib[index] ?? null;
  if (sizes !== null && deviceMiB === null) {
    return fail(`${path}: ${sizes.source} sets no size for it`, {
      evidence: [{ ...sizeEvidence(sizes), expected: `${index + 1} sizes` }],
      remedy: setSize(demand?.mib ?? 32, platform),
    });
  }
  const bytes = deviceMiB === null ? sizeBytes : deviceMiB * MIB;
  const tooSmall = bytes === null ? null : judgeSize(path, bytes, demand, (mib) => setSize(mib, platform));
  if (tooSmall !== null || sizeBytes === null || deviceMiB === null || sizes === null || deviceMiB * MIB === sizeBytes) return tooSmall;
  return fail(`${path} has ${deviceMiB} MiB, ${source} maps ${inMiB(sizeBytes)}`, {
    evidence: [{ ...sizeEvidence(sizes), expected: `${sizeBytes} bytes, as ${source} says` }],
    remedy: {
      summary: `Let 'size' in the VM's <qemu:commandline> be ${deviceMiB * MIB}`,
      steps: [{ run: `virsh edit ${shellWord(source)}` }],
    },
  });
}

/** A device without a configured size was made by hand: the module makes none by itself. */
function judgeNextBoot(path: string, { sizes, unread }: Kvmfr, platform: Platform | null): Outcome | null {
  if (sizes !== null) return null;
  const [hidden] = unread;
  if (hidden !== undefined) return couldNotLook(hidden, 'it may set the size of the device', 'run passcheck as root');
  return fail(`${path} is gone after the next boot: nothing sets static_size_mb`, {
    evidence: [{ source: '/etc/modprobe.d', observed: 'no options for kvmfr', expected: 'options kvmfr static_size_mb=…' }],
    remedy: setSize(32, platform),
    severity: 'minor',
  });
}

function setSize(mib: number, platform: Platform | null): Remedy {
  const steps = platform === null ? [] : modprobeSteps(platform, 'kvmfr.conf', [`options kvmfr static_size_mb=${mib}`]);
  return { summary: `Load kvmfr with ${mib} MiB`, steps };
}

function mayOpen({ name }: MemoryUser, platform: Platform | null): Remedy {
  const rule = 'SUBSYSTEM=="kvmfr", GROUP="kvm", MODE="0660", TAG+="uaccess"';
  const summary = `Give the device to the group kvm, with ${name} in it`;
  const group = { run: `usermod --append --groups kvm ${shellWord(name)}` };
  if (platform?.distribution === 'nixos') {
    const line = `services.udev.extraRules = ''${rule}'';`;
    return { summary, steps: [{ file: '/etc/nixos/configuration.nix', line }, { run: 'nixos-rebuild switch' }] };
  }
  // Rules with "uaccess" count only before 73-seat-late.rules.
  const file = '/etc/udev/rules.d/70-kvmfr.rules';
  return { summary, steps: [{ file, line: rule }, { run: 'udevadm control --reload && udevadm trigger /dev/kvmfr0' }, group] };
}
