import { type CheckFacts, defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, type Outcome, pass } from '../../../src/engine/outcome.ts';
import { type Modules, moduleState, type ModuleState } from '../../../src/facts/modules.ts';

type Facts = CheckFacts<'modules' | 'kernel', 'modprobeConfig'>;

export default defineCheck({
  id: 'preflight/vfio/modules',
  title: 'The kernel has vfio-pci and an IOMMU back end for it',
  severity: 'major',
  needs: ['modules', 'kernel'],
  wants: ['modprobeConfig'],
  why: 'vfio-pci hands the device to QEMU, and vfio_iommu_type1 or iommufd maps the memory of the virtual machine for it.',
  sources: ['https://docs.kernel.org/driver-api/vfio.html'],
  evaluate(facts) {
    const { modules } = facts;
    const driver = moduleState(modules, 'vfio_pci');
    const type1 = moduleState(modules, 'vfio_iommu_type1');
    const backEnd = type1 === 'missing' ? moduleState(modules, 'iommufd') : type1;
    const missing = [...(driver === 'missing' ? ['vfio-pci'] : []), ...(backEnd === 'missing' ? ['vfio_iommu_type1'] : [])];
    if (missing.length > 0) return judgeMissing(missing, facts);
    const kept = driver === 'loadable' ? keptOut(facts) : null;
    if (kept !== null) return kept;
    if (driver === 'unknown' || backEnd === 'unknown') return hidden(modules);
    return pass(evidence('vfio_pci', driver, facts), evidence(type1 === 'missing' ? 'iommufd' : 'vfio_iommu_type1', backEnd, facts));
  },
});

/** Worse than the check's own severity: no virtual machine with the device can start, whoever binds it. */
function judgeMissing(missing: readonly string[], { modules, kernel }: Facts): Outcome {
  const names = missing.join(', ');
  const folder = `/lib/modules/${kernel.release}`;
  if (modules.folder.state === 'absent' && modules.installed.length > 0) {
    return fail(`${names} cannot be loaded: the modules of the running kernel ${kernel.release} are gone`, {
      evidence: [{ source: folder, observed: `not there, but ${modules.installed.join(', ')}`, expected: 'modules.dep and the modules' }],
      remedy: { summary: 'Reboot into the kernel that is installed', steps: [{ run: 'systemctl reboot', reboot: true }] },
      severity: 'blocker',
    });
  }
  // A kernel that has loaded modules has them somewhere: what is not seen from here is not missing.
  if (modules.folder.state === 'absent' && modules.loaded.state === 'ok' && modules.loaded.value.size > 0)
    return couldNotLook(
      folder,
      'not there, though the kernel has loaded modules: hidden by a container',
      'Run passcheck on the host itself',
    );
  return fail(`the running kernel ${kernel.release} has no ${names}`, {
    evidence: [{ source: `${folder}/kernel/drivers/vfio`, observed: `no ${names}`, expected: 'pci/vfio-pci.ko, vfio_iommu_type1.ko' }],
    remedy: { summary: 'Boot a kernel with CONFIG_VFIO_PCI and CONFIG_VFIO_IOMMU_TYPE1: the general kernel of the distribution has them' },
    severity: 'blocker',
  });
}

/** `install vfio-pci /bin/false` is how hardening guides switch a module off. */
function keptOut({ modprobeConfig }: Facts): Outcome | null {
  if (!modprobeConfig.ok)
    return couldNotLook(modprobeConfig.error.source, modprobeConfig.error.reason, 'Look there for lines that keep vfio-pci out');
  const line = modprobeConfig.value.installs.find(
    ({ module, command }) => module === 'vfio_pci' && /(?:^|\/)(?:false|true)(?:\s|$)/.test(command),
  );
  if (line === undefined) return null;
  return fail('modprobe is told not to load vfio-pci', {
    evidence: [{ source: `${line.file}:${line.line}`, observed: `install vfio-pci ${line.command}` }],
    remedy: { summary: 'Remove the line', steps: [{ file: line.file, text: `remove "install vfio-pci ${line.command}"` }] },
  });
}

function hidden({ loaded, builtIn, onDisk }: Modules): Outcome {
  const reading = [loaded, builtIn, onDisk].find(({ state }) => state === 'unreadable');
  const reason = reading?.state === 'unreadable' ? reading.detail : 'not recorded';
  return couldNotLook('/proc/modules, /lib/modules', reason, 'Record a snapshot that holds them, or run passcheck on the host');
}

function evidence(name: string, state: ModuleState, { modules }: Facts): Evidence {
  const folder = modules.folder.state === 'ok' ? modules.folder.value : '/sys/module';
  const sources = { loaded: '/proc/modules', 'built-in': `${folder}/modules.builtin`, loadable: folder, missing: folder, unknown: folder };
  return { source: sources[state], observed: `${name}: ${state}` };
}
