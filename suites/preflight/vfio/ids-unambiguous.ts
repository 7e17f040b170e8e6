import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, notApplicable, pass, type Remedy } from '../../../src/engine/outcome.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import { isVfioDriver } from '../../../src/facts/gpu-devices.ts';
import { moduleState } from '../../../src/facts/modules.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import { matchesVfioPciId, vfioPciIds } from '../../../src/facts/vfio-pci-ids.ts';
import { overrideRemedy } from '../vfio-remedy.ts';

export default defineCheck({
  id: 'preflight/vfio/ids-unambiguous',
  title: 'The ids of vfio-pci name only devices that are passed',
  severity: 'major',
  needs: ['passthrough', 'pciDevices', 'modprobeConfig', 'kernel', 'modules'],
  wants: ['driverOverrides', 'platform'],
  why: 'vfio-pci takes every device with an id it is given: a second card, USB controller or NVMe drive of the same model is gone for the host at the next boot.',
  sources: ['https://docs.kernel.org/driver-api/vfio.html', 'https://man7.org/linux/man-pages/man5/modprobe.d.5.html'],
  evaluate({ passthrough, pciDevices, modprobeConfig, kernel, modules, driverOverrides, platform }) {
    if (passthrough.gpus.length === 0) return notApplicable('no GPU is selected');
    const isBuiltIn = moduleState(modules, 'vfio_pci') === 'built-in';
    const ids = vfioPciIds(modprobeConfig, kernel, { isBuiltIn });
    const strays = pciDevices.flatMap((device) => {
      if (passthrough.devices.includes(device.address) || isForcedElsewhere(device)) return [];
      const id = ids.find((one) => matchesVfioPciId(one, device));
      return id === undefined ? [] : [{ device, id }];
    });
    const [first, ...others] = strays.map(({ device, id }): Evidence => {
      const driver = device.driver.state === 'ok' ? device.driver.value : 'no driver';
      return { source: id.source, observed: `${id.text} is ${device.address} too (${driver})` };
    });
    if (first !== undefined) {
      const names = strays.map(({ device }) => device.address).join(', ');
      const meant = pciDevices.filter(
        (device) => passthrough.devices.includes(device.address) && strays.some(({ id }) => matchesVfioPciId(id, device)),
      );
      return fail(`vfio-pci is given ids that ${names} has as well, and that is not passed`, {
        evidence: [first, ...others],
        remedy: strayRemedy({ meant, ids: [...new Set(strays.map(({ id }) => id.text))], source: first.source, platform }),
      });
    }
    const [hidden] = modprobeConfig.unread;
    if (hidden !== undefined) return couldNotLook(hidden.source, hidden.reason, 'Run passcheck as root to see it');
    const [id, ...more] = ids.map(({ source, text }): Evidence => ({ source, observed: text }));
    if (id !== undefined) return pass(id, ...more);
    const forced = (driverOverrides.ok ? driverOverrides.value.overrides : []).filter(({ driver }) => isVfioDriver(driver));
    const [override, ...rest] = forced.map(({ address, source }): Evidence => ({ source, observed: `${address}: vfio-pci` }));
    return override === undefined ? notApplicable('no device is bound by its id') : pass(override, ...rest);
  },
});

/** driver_override names the only driver that may take the device. */
function isForcedElsewhere({ driverOverride }: PciDevice): boolean {
  return driverOverride.state === 'ok' && !isVfioDriver(driverOverride.value);
}

interface Stray {
  readonly meant: readonly PciDevice[];
  readonly ids: readonly string[];
  /** Where the ids stand. */
  readonly source: string;
  readonly platform: Attempt<Platform>;
}

function strayRemedy({ meant, ids, source, platform }: Stray): Remedy {
  const { steps = [] } = overrideRemedy(meant, platform);
  return {
    summary: `Bind by address what is meant (${meant.map(({ address }) => address).join(', ')}), and take ${ids.join(', ')} out of the ids`,
    steps: [
      ...steps,
      { file: source.replace(/:\d+$/, ''), text: `remove ${ids.join(', ')} from ids=, and rebuild the initramfs`, reboot: true },
    ],
  };
}
