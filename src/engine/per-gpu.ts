import { type Passthrough, selectedDevices, type SelectedGpu } from '../facts/passthrough.ts';
import type { PciDevice } from '../facts/pci-devices.ts';
import type { SubjectOutcome } from './check.ts';
import { notApplicable, type Outcome } from './outcome.ts';

/** Judges each selected GPU for itself, with its address as subject. */
export function perGpu(
  passthrough: Passthrough,
  judge: (gpu: SelectedGpu, device: PciDevice) => Outcome,
): Outcome | readonly SubjectOutcome[] {
  if (passthrough.gpus.length === 0) return notApplicable('no GPU is selected: see preflight/gpu/selected');
  return selectedDevices(passthrough).map(({ gpu, device }) => ({ subject: gpu.address, outcome: judge(gpu, device) }));
}
