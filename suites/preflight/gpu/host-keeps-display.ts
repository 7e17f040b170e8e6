import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, notApplicable, type Outcome, pass } from '../../../src/engine/outcome.ts';
import { displayUses } from '../../../src/facts/display-uses.ts';
import type { Displays } from '../../../src/facts/displays.ts';
import { isManagementDisplay } from '../../../src/facts/gpu-devices.ts';
import { selectedDevices } from '../../../src/facts/passthrough.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { canShow } from '../only-display.ts';

export default defineCheck({
  id: 'preflight/gpu/host-keeps-display',
  title: 'Another display shows the host after the GPU is gone',
  severity: 'minor',
  needs: ['passthrough', 'pciDevices', 'displays'],
  why: 'Without a display of its own the host can only be reached over the network, and nobody sees why it does not start.',
  sources: ['https://docs.kernel.org/gpu/drm-kms.html', 'https://docs.kernel.org/fb/fbcon.html'],
  evaluate({ passthrough, pciDevices, displays }) {
    if (passthrough.gpus.length === 0) return notApplicable('no GPU is selected: see preflight/gpu/selected');
    const others = pciDevices.filter((device) => canShow(device) && !passthrough.devices.includes(device.address));
    const seen = others.map((device) => displayUses(displays, device));
    const [use, ...more] = [...seen.flatMap(({ uses }) => uses), ...outputsBesidePci(displays)].map(({ source, observed }) => ({
      source,
      observed,
    }));
    if (use !== undefined) return pass(use, ...more, ...sessions(displays));
    const [hidden] = seen.flatMap(({ unseen }) => unseen);
    if (hidden !== undefined) return couldNotLook(hidden.source, hidden.reason, 'Run passcheck on the host itself, as root');
    const management = others.find((device) => isManagementDisplay(device) && device.driver.state === 'ok');
    if (management !== undefined)
      return pass({ source: `/sys/bus/pci/devices/${management.address}`, observed: "the management controller's display" });
    const own = selectedDevices(passthrough).map(({ device }) => device);
    if (others.length === 0 && own.every((device) => !canShow(device)))
      return notApplicable('the host has no display at all, and the GPU has no outputs');
    return noDisplay(others, displays);
  },
});

function noDisplay(others: readonly PciDevice[], displays: Displays): Outcome {
  const consoles = displays.kernelConsoles.state === 'ok' ? displays.kernelConsoles.value : [];
  const serial = consoles.find((name) => /^(?:ttyS|ttyAMA|ttyUSB|hvc)\d/.test(name));
  if (serial !== undefined) return notApplicable(`the console of the host is the serial line ${serial}`);
  const [first, ...more] = others.map(({ address }): Evidence => {
    return {
      source: `/sys/bus/pci/devices/${address}`,
      observed: 'a display without picture',
      expected: 'an enabled output with a monitor',
    };
  });
  if (first === undefined) {
    return fail('the GPU is the only display: the host keeps none', {
      evidence: [{ source: '/sys/bus/pci/devices', observed: 'no other display device' }],
      remedy: { summary: 'Prepare another way in before the GPU goes: SSH, a serial console, or a second display' },
    });
  }
  return fail(`${others.map(({ address }) => address).join(', ')} shows nothing: no monitor is in use there`, {
    evidence: [first, ...more],
    remedy: { summary: 'Connect a monitor to the display that stays with the host, or prepare SSH' },
  });
}

/** Displays on USB, which no passed-through card takes away. The firmware's picture (`card0-Unknown-1`) goes with its card. */
function outputsBesidePci({ cards }: Displays): Evidence[] {
  return (cards.state === 'ok' ? cards.value : [])
    .filter(({ device }) => device === null)
    .flatMap(({ connectors }) => connectors.filter(({ name }) => !name.includes('-Unknown-')))
    .filter(({ status, isEnabled }) => status.state === 'ok' && status.value === 'connected' && isEnabled.state === 'ok' && isEnabled.value)
    .map(({ name }) => ({ source: `/sys/class/drm/${name}`, observed: 'connected, enabled' }));
}

function sessions(displays: Displays): Evidence[] {
  return (displays.sessions.state === 'ok' ? displays.sessions.value : [])
    .filter(({ isActive, type }) => isActive && (type === 'x11' || type === 'wayland'))
    .map(({ id, type, seat }) => ({ source: `/run/systemd/sessions/${id}`, observed: `${type} session on ${seat}` }));
}
