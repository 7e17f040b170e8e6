import type { DomainDocument } from '../../../src/domain/document.ts';
import type { HostDevice } from '../../../src/domain/host-devices.ts';
import type { CheckFacts } from '../../../src/engine/check.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, type Outcome } from '../../../src/engine/outcome.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import { hostUse } from '../../../src/facts/host-use.ts';
import type { LibvirtHooks } from '../../../src/facts/libvirt-hooks.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import driverBound from '../../preflight/vfio/driver-bound.ts';
import { asDefined, atDevices, givesHostDevice, passthroughOf, presentDevices, sourceSpot } from '../pci-passthrough.ts';

const WANTS = ['displays', 'iommu', 'libvirtHooks', 'modprobeConfig', 'kernel', 'modules', 'platform'] as const;

type Facts = CheckFacts<'pciDevices', (typeof WANTS)[number]>;

export default defineDomainRule({
  id: 'domain/pci/binding',
  title: 'Each given device is on vfio-pci, or libvirt takes it from the host at the start',
  severity: 'blocker',
  host: ['pciDevices'],
  wantsHost: WANTS,
  applies: [givesHostDevice],
  why: "QEMU can only take a device that vfio-pci holds. With managed='yes' libvirt binds it at the start, and a driver that is in use does not let go; without, libvirt refuses to start the domain.",
  sources: ['https://docs.kernel.org/driver-api/vfio.html', 'https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate(document, facts) {
    const passthrough = passthroughOf(document, facts.pciDevices);
    const ofGpus = new Set(passthrough.gpus.flatMap(({ functions }) => functions.map(({ address }) => address)));
    const given = presentDevices(document, facts.pciDevices);
    const addresses = new Set(given.map(({ device }) => device.address));
    const said = driverBound.evaluate({ ...facts, passthrough, domains: asDefined(document) });
    const gpus =
      'status' in said
        ? []
        : atDevices(
            document,
            said.filter(({ subject }) => addresses.has(subject)),
          );
    const others = given.filter(({ device }) => !ofGpus.has(device.address) && (device.numVfs ?? 0) === 0);
    return [
      ...('status' in gpus ? [gpus] : gpus.map((outcome) => withHook(document, outcome, given, facts.libvirtHooks))),
      ...others.map(({ given: from, device }) => judgeOther(document, from, device, facts)),
    ];
  },
});

/** What is no GPU: nothing is lost when libvirt takes an idle one, and whoever needs it is the question of host-needs. */
function judgeOther(document: DomainDocument, given: HostDevice, device: PciDevice, facts: Facts): Outcome {
  const use = hostUse(device, facts.displays);
  const spot = sourceSpot(given);
  if (use.kind === 'vfio') return passAt(document, spot);
  if (use.kind === 'unknown') return couldNotLook(use.source, use.reason, 'Run passcheck on the host itself, as root');
  const held = use.kind === 'free' ? 'no driver holds it' : `${use.driver} holds it`;
  if (given.isManaged) return passAt(document, spot, `${device.address}: ${held} until libvirt takes it at the start`);
  const hook = hookOf(facts.libvirtHooks);
  return failAt(document, spot, `${device.address} is not managed by libvirt and not on vfio-pci: ${held}`, {
    expected: "managed='yes', or the driver vfio-pci",
    remedy: xmlRemedy(document, `Let libvirt bind it: managed='yes' at the ${given.element.name}`),
    evidence: [
      {
        source: `/sys/bus/pci/devices/${device.address}/driver`,
        observed: use.kind === 'free' ? 'no driver' : use.driver,
        expected: 'vfio-pci',
      },
      ...(hook === null ? [] : [{ source: hook, observed: 'executable' }]),
    ],
    severity: hook === null ? 'blocker' : 'major',
  });
}

/** A hook of libvirt runs before libvirt looks at the devices, and may bind one that libvirt does not manage. */
function withHook(
  document: DomainDocument,
  outcome: Outcome,
  given: ReturnType<typeof presentDevices>,
  hooks: Attempt<LibvirtHooks>,
): Outcome {
  const hook = hookOf(hooks);
  if (hook === null || outcome.status !== 'fail' || outcome.severity === 'major') return outcome;
  const [place] = outcome.evidence;
  const from = given.find((one) => seenAt(document, sourceSpot(one.given)).source === place.source);
  if (from === undefined || from.given.isManaged) return outcome;
  return { ...outcome, severity: 'major', evidence: [...outcome.evidence, { source: hook, observed: 'executable, may bind it' }] };
}

function hookOf(hooks: Attempt<LibvirtHooks>): string | null {
  if (!hooks.ok || hooks.value.qemu.state !== 'ok') return null;
  return hooks.value.qemu.value[0] ?? null;
}
