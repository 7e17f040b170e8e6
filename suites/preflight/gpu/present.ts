import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, type Outcome, pass } from '../../../src/engine/outcome.ts';
import { perGpu } from '../../../src/engine/per-gpu.ts';
import type { PciConfig } from '../../../src/facts/pci-config.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';

export default defineCheck({
  id: 'preflight/gpu/present',
  title: 'The GPU answers on the PCI bus',
  severity: 'blocker',
  needs: ['passthrough', 'pciConfig'],
  why: 'A GPU that fell off the bus (a failed reset, no power, a loose riser) stays listed, but nothing can use it until the host is power-cycled.',
  sources: ['https://docs.kernel.org/PCI/pci-error-recovery.html', 'https://github.com/gnif/vendor-reset#readme'],
  evaluate: ({ passthrough, pciConfig }) =>
    perGpu(passthrough, (gpu) => {
      const seen = gpu.functions.map((device) => look(device, pciConfig));
      const lost = seen.find(({ state }) => state === 'lost');
      const hidden = seen.find(({ state }) => state === 'hidden');
      return toOutcome(lost, hidden, seen);
    }),
});

interface Look {
  readonly state: 'answers' | 'lost' | 'hidden';
  readonly address: string;
  readonly source: string;
  readonly observed: string;
}

function look({ address, vendor, powerState }: PciDevice, pciConfig: PciConfig): Look {
  const source = `/sys/bus/pci/devices/${address}/config`;
  const told = (state: Look['state'], observed: string): Look => ({ state, address, source, observed });
  const space = pciConfig.get(address);
  if (space === undefined) return told('hidden', 'not read');
  if (space.state === 'unreadable') return told('hidden', space.detail);
  if (space.state === 'absent') return told('lost', 'not there');
  const { responds, headerType } = space.value;
  // Whoever reads its configuration wakes a card that sleeps in D3cold: pci_config_pm_runtime_get() in drivers/pci/pci.c.
  if (!responds) return told('lost', `every byte is 0xff, power state ${powerState ?? 'unknown'}`);
  if (headerType !== 0 || vendor === 'ffff') return told('lost', `header type 0x${(headerType ?? 0x7f).toString(16)}, vendor ${vendor}`);
  return told('answers', 'header type 0');
}

function toOutcome(lost: Look | undefined, hidden: Look | undefined, seen: readonly Look[]): Outcome {
  if (lost !== undefined) {
    const { address, source, observed } = lost;
    return fail(`${address} has fallen off the bus`, {
      evidence: [{ source, observed, expected: 'header type 0' }],
      remedy: {
        summary: 'Shut the host down, cut its power for ten seconds, and start it again',
        steps: [
          {
            text: 'if it happens again: reseat the card and its power plugs, replace a riser, and see preflight/gpu/reset; for one that does not wake up, add vfio-pci.disable_idle_d3=1 to the kernel command line',
            reboot: true,
          },
        ],
      },
    });
  }
  if (hidden !== undefined) return couldNotLook(hidden.source, hidden.observed, 'Run passcheck on the host itself');
  const [first, ...more] = seen.map(({ source, observed }): Evidence => ({ source, observed }));
  return pass(first ?? { source: '/sys/bus/pci/devices', observed: 'answers' }, ...more);
}
