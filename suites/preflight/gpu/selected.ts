import { defineCheck } from '../../../src/engine/check.ts';
import { type Evidence, fail, type Outcome, pass, passWith, type Remedy } from '../../../src/engine/outcome.ts';
import { functionName, isEmulatedDisplay, isGpu } from '../../../src/facts/gpu-devices.ts';
import { type Passthrough, selectedDevices } from '../../../src/facts/passthrough.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';

export default defineCheck({
  id: 'preflight/gpu/selected',
  title: 'It is clear which GPU goes to the virtual machine',
  severity: 'blocker',
  needs: ['passthrough', 'pciDevices'],
  why: 'Every check of the GPU judges the device that is meant: judging another one would say nothing about the virtual machine.',
  sources: ['https://docs.kernel.org/driver-api/vfio.html', 'https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate({ passthrough, pciDevices }) {
    const [problem] = passthrough.problems;
    if (problem !== undefined) return wrongWish(problem, passthrough, pciDevices);
    if (passthrough.gpus.length === 0) return noGpu(passthrough, pciDevices);
    if (passthrough.basis === 'only-candidate' && passthrough.unseen.length > 0) {
      const [gpu = ''] = passthrough.gpus.map(({ address }) => address);
      return unsure(`${gpu} is the likely GPU, but what could name another was not seen`, passthrough, pciDevices);
    }
    return found(passthrough);
  },
});

function wrongWish(problem: string, { problems, candidates }: Passthrough, devices: readonly PciDevice[]): Outcome {
  const [first, ...more] = problems.map(toEvidence);
  return fail(problem, {
    evidence: [first ?? toEvidence(problem), ...more],
    remedy: {
      summary: 'Name devices that are there: addresses change when cards are added or moved',
      steps: [{ run: 'lspci -nn -D' }, ...candidates.filter((address) => devices.some((device) => device.address === address)).map(nameIt)],
    },
  });
}

/** A problem says where it was found: `passcheck.yaml, gpu: …`, `win11 is given …`. */
function toEvidence(problem: string): Evidence {
  const source = problem.startsWith('passcheck.yaml') ? 'passcheck.yaml' : `virsh dumpxml ${problem.split(' ', 1)[0] ?? ''}`;
  return { source, observed: problem };
}

function noGpu(passthrough: Passthrough, devices: readonly PciDevice[]): Outcome {
  const { candidates, unseen } = passthrough;
  if (candidates.length === 0) {
    const displays = devices.filter(isGpu);
    const observed = displays.length === 0 ? 'no display device' : displays.map(describe).join(', ');
    const own = displays.every(isEmulatedDisplay) ? 'the display that this virtual machine emulates' : 'the display of the board';
    return fail(displays.length === 0 ? 'there is no GPU on the PCI bus' : `there is no GPU to give away, only ${own}`, {
      evidence: [{ source: '/sys/bus/pci/devices', observed, expected: 'a GPU' }],
      remedy: {
        summary: displays.length === 0 ? 'Install a GPU' : `Install a GPU; to judge ${own} all the same, name it`,
        steps: displays.map(({ address }) => nameIt(address)),
      },
    });
  }
  const message = `${candidates.length} devices could be meant: ${candidates.join(', ')}`;
  if (unseen.length > 0) return unsure(message, passthrough, devices);
  const [first, ...more] = candidates.map((address) => candidateEvidence(address, devices));
  return fail(message, {
    evidence: [first ?? { source: passthrough.source, observed: 'ambiguous' }, ...more],
    remedy: chooseOne(candidates),
  });
}

function unsure(message: string, { candidates, unseen }: Passthrough, devices: readonly PciDevice[]): Outcome {
  const [first, ...more] = unseen.map((one): Evidence => ({
    source: one.split(': ', 1)[0] ?? one,
    observed: one.split(': ').slice(1).join(': ') || 'hidden',
  }));
  const evidence = [...more, ...candidates.map((address) => candidateEvidence(address, devices))];
  return {
    status: 'unknown',
    message,
    evidence: [first ?? { source: '/sys/bus/pci/devices', observed: 'hidden' }, ...evidence],
    remedy: chooseOne(candidates),
  };
}

function found(passthrough: Passthrough): Outcome {
  const [first, ...more] = selectedDevices(passthrough).map(({ gpu, device }) => ({
    source: `/sys/bus/pci/devices/${device.address}`,
    observed: `${describe(device)}: ${gpu.reasons.join(', ')}`,
  }));
  const evidence = [first ?? { source: passthrough.source, observed: 'selected' }, ...more] as const;
  const [gpu] = selectedDevices(passthrough);
  if (passthrough.basis !== 'only-candidate' || gpu === undefined) return pass(...evidence);
  return passWith(`inferred: ${gpu.gpu.reasons.join(', ')}`, ...evidence);
}

function chooseOne(candidates: readonly string[]): Remedy {
  return { summary: 'Name the GPU that is meant in passcheck.yaml, for example', steps: candidates.slice(0, 1).map(nameIt) };
}

function nameIt(address: string): { file: string; line: string } {
  return { file: 'passcheck.yaml', line: `gpu: "${address}"` };
}

function candidateEvidence(address: string, devices: readonly PciDevice[]): Evidence {
  const device = devices.find((one) => one.address === address);
  return { source: `/sys/bus/pci/devices/${address}`, observed: device === undefined ? 'a display device' : describe(device) };
}

function describe(device: PciDevice): string {
  const driver = device.driver.state === 'ok' ? `driver ${device.driver.value}` : 'no driver';
  return `${functionName(device)} ${device.vendor}:${device.device}, ${device.driver.state === 'unreadable' ? 'driver hidden' : driver}`;
}
