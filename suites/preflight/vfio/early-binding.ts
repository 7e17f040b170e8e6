import { type CheckFacts, defineCheck, type SubjectOutcome } from '../../../src/engine/check.ts';
import { couldNotLook, fail, notApplicable, type Outcome, pass, type Remedy } from '../../../src/engine/outcome.ts';
import type { Prospect } from '../../../src/facts/binding-prospect.ts';
import { functionName } from '../../../src/facts/gpu-devices.ts';
import { hiddenManagement, hostUse, isLeftWithHost, isManagedByLibvirt } from '../../../src/facts/host-use.ts';
import { earlyModules } from '../../../src/facts/initramfs-config.ts';
import { kernelAtLeast } from '../../../src/facts/kernel.ts';
import type { SelectedGpu } from '../../../src/facts/passthrough.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { rebuildInitramfsSteps } from '../../../src/remedy/modules.ts';
import { onlyDisplay } from '../only-display.ts';
import { bindingRemedy, earlyRemedy, overrideRemedy } from '../vfio-remedy.ts';

type Wanted = 'displays' | 'domains' | 'libvirtHooks' | 'modprobeConfig' | 'initramfsConfig' | 'kernel' | 'modules' | 'platform';
type Facts = CheckFacts<'passthrough' | 'nextBoot' | 'pciDevices', Wanted>;

export default defineCheck({
  id: 'preflight/vfio/early-binding',
  title: 'vfio-pci holds every function of the GPU after the next boot',
  severity: 'major',
  needs: ['passthrough', 'nextBoot', 'pciDevices'],
  wants: ['displays', 'domains', 'libvirtHooks', 'modprobeConfig', 'initramfsConfig', 'kernel', 'modules', 'platform'],
  why: 'What is bound by hand is gone after a reboot, and a display driver that comes first does not let go of the GPU.',
  sources: [
    'https://man7.org/linux/man-pages/man5/modprobe.d.5.html',
    'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#mkinitcpio',
  ],
  evaluate(facts) {
    const devices = facts.passthrough.gpus.flatMap((gpu) =>
      gpu.functions.map((device): SubjectOutcome => ({ subject: device.address, outcome: judge(gpu, device, facts) })),
    );
    return devices.length === 0 ? [] : [...devices, ...vanishedModule(facts)];
  },
});

function judge(gpu: SelectedGpu, device: PciDevice, facts: Facts): Outcome {
  const use = hostUse(device, facts.displays);
  const isManaged = isManagedByLibvirt(gpu, device, facts.domains);
  if (isManaged && use.kind === 'unknown') return couldNotLook(use.source, use.reason, 'Run passcheck on the host itself, as root');
  if (use.kind !== 'vfio' && isLeftWithHost(gpu, device, facts.domains))
    return notApplicable('it stays behind without standing in the way: see preflight/gpu/all-functions');
  const prospect = facts.nextBoot.find(({ address }) => address === device.address)?.prospect;
  if (prospect?.kind === 'vfio') return pass(...prospect.seen);
  const isWished = prospect?.kind === 'other' && prospect.obstacle !== 'not-named';
  if (isManaged && use.kind !== 'in-use' && !(use.kind === 'vfio' && isWished))
    return notApplicable('libvirt binds it when the virtual machine starts, and nothing else uses it');
  if (prospect === undefined) return couldNotLook('/sys/bus/pci/devices', `${device.address} went away`, 'Run passcheck again');
  if (prospect.kind === 'unknown') return couldNotLook(prospect.source, prospect.reason, prospect.hint);
  if (!isWished && isOnlyPicture(gpu, facts))
    return notApplicable('bound at boot it would leave the host without a picture: see preflight/gpu/not-host-display');
  const hidden = use.kind === 'idle' || use.kind === 'free' ? hiddenManagement(gpu, facts.domains) : null;
  if (hidden !== null)
    return couldNotLook(
      hidden.source,
      `${hidden.reason}: libvirt may bind it at the start`,
      hidden.hint ?? 'Run passcheck as a user who may ask libvirt',
    );
  const now = use.kind === 'vfio' ? 'bound now, but not' : 'not bound';
  return fail(`${device.address} (${functionName(device)}) is ${now} after the next boot: ${prospect.detail}`, {
    evidence: prospect.seen,
    remedy: remedyFor(prospect, gpu, device, facts),
    // Whatever holds it then, libvirt takes it from there.
    ...(isManaged && use.kind === 'vfio' ? { severity: 'minor' } : {}),
  });
}

/**
 * Is it the only display of the host, and shows its picture or will again once the virtual machine gave it back? A hook that
 * frees it says so even while the machine runs.
 */
function isOnlyPicture(gpu: SelectedGpu, { displays, pciDevices, libvirtHooks }: Facts): boolean {
  const only = onlyDisplay(pciDevices, gpu, libvirtHooks).kind;
  const graphics = gpu.functions.find(({ address }) => address === gpu.address);
  return only === 'hook' || (only !== 'no' && graphics !== undefined && hostUse(graphics, displays).kind === 'in-use');
}

function remedyFor({ obstacle }: Prospect & { kind: 'other' }, gpu: SelectedGpu, device: PciDevice, facts: Facts): Remedy {
  switch (obstacle) {
    case 'built-in-rival':
    case 'other-override':
    case 'override-not-applied':
      return overrideRemedy([device], facts.platform);
    case 'loaded-late':
    case 'not-loaded':
      return earlyRemedy(facts.platform);
    case 'not-in-initramfs': {
      const summary = 'Rebuild the initramfs, so that it holds the configuration';
      return facts.platform.ok ? { summary, steps: rebuildInitramfsSteps(facts.platform.value) } : { summary };
    }
    case 'not-named':
    case 'ids-replaced':
    case 'ids-not-read':
      return bindingRemedy(gpu.functions, facts);
  }
}

/** Linux 6.2 made vfio_virqfd a part of vfio: an image that is told to hold it is not built, or without the rest. */
function vanishedModule({ initramfsConfig, platform, kernel, modules }: Facts): SubjectOutcome[] {
  if (!initramfsConfig.ok || !platform.ok) return [];
  const entry = earlyModules(initramfsConfig.value, platform.value.initramfsTool)?.find(({ module }) => module === 'vfio_virqfd');
  if (entry === undefined) return [];
  const isNew = kernel.ok ? kernelAtLeast(kernel.value, 6, 2) : null;
  const isThere = modules.ok && modules.value.onDisk.state === 'ok' ? modules.value.onDisk.value.has('vfio_virqfd') : null;
  if (isNew === false || isThere === true) return [];
  const subject = entry.file;
  if (isNew === null)
    return [
      { subject, outcome: couldNotLook('/proc/sys/kernel/osrelease', 'not known which kernel this is', 'Run passcheck on the host') },
    ];
  const outcome = fail('the initramfs is told to load vfio_virqfd, which Linux 6.2 made a part of vfio', {
    evidence: [{ source: `${entry.file}:${entry.line}`, observed: 'vfio_virqfd', expected: 'vfio_pci, vfio, vfio_iommu_type1' }],
    remedy: {
      summary: `Remove vfio_virqfd from ${entry.file}`,
      steps: [{ file: entry.file, text: 'remove vfio_virqfd' }, ...rebuildInitramfsSteps(platform.value)],
    },
  });
  return [{ subject, outcome }];
}
