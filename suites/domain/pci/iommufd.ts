import type { DomainDocument } from '../../../src/domain/document.ts';
import { hostDevices } from '../../../src/domain/host-devices.ts';
import type { Spot } from '../../../src/domain/locate.ts';
import { attribute, first } from '../../../src/domain/xml.ts';
import type { CheckFacts } from '../../../src/engine/check.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, type Evidence, type Outcome } from '../../../src/engine/outcome.ts';
import { configValue } from '../../../src/facts/kernel-config.ts';

type Facts = CheckFacts<'libvirt', 'kernelConfig'>;

/** https://libvirt.org/news.html (12.1.0) */
const SINCE = [12, 1] as const;

export default defineDomainRule({
  id: 'domain/pci/iommufd',
  title: 'IOMMUFD is asked for only where libvirt and the kernel have it',
  severity: 'major',
  host: ['libvirt'],
  wantsHost: ['kernelConfig'],
  applies: [(document) => (spotsOf(document).length > 0 ? null : 'no device asks for IOMMUFD')],
  why: 'libvirt before 12.1 ignores iommufd or refuses it, and a kernel without VFIO character devices has nothing to open: the domain does not start.',
  sources: ['https://libvirt.org/formatdomain.html#host-device-assignment', 'https://docs.kernel.org/driver-api/vfio.html'],
  evaluate(document, facts) {
    const [spot] = spotsOf(document);
    return spot === undefined ? [] : judge(document, spot, facts);
  },
});

/** For the whole domain, or at single devices. */
function spotsOf(document: DomainDocument): readonly Spot[] {
  const whole = first(document.root, 'iommufd');
  const drivers = hostDevices(document).flatMap(({ element }) => first(element, 'driver') ?? []);
  return [
    ...(whole !== undefined && attribute(whole, 'enabled') === 'yes' ? [{ element: whole, attribute: 'enabled' }] : []),
    ...drivers.filter((driver) => attribute(driver, 'iommufd') === 'yes').map((element) => ({ element, attribute: 'iommufd' })),
  ];
}

function judge(document: DomainDocument, spot: Spot, { libvirt, kernelConfig }: Facts): Outcome {
  const { version } = libvirt;
  const remedy = xmlRemedy(document, 'Remove iommufd: passthrough works without');
  if (version !== null && (version[0] < SINCE[0] || (version[0] === SINCE[0] && version[1] < SINCE[1])))
    return failAt(document, spot, `IOMMUFD is asked for, and libvirt ${version.join('.')} does not have it`, {
      expected: `libvirt ${SINCE.join('.')} or later`,
      remedy,
    });
  const missing = kernelConfig.ok
    ? ['CONFIG_IOMMUFD', 'CONFIG_VFIO_DEVICE_CDEV'].filter((key) => configValue(kernelConfig.value, key) === null)
    : [];
  if (kernelConfig.ok && missing.length > 0) {
    const evidence: readonly Evidence[] = missing.map((key) => ({ source: kernelConfig.value.source, observed: `${key} is not set` }));
    return failAt(document, spot, 'IOMMUFD is asked for, and the kernel is built without it', { remedy, evidence, severity: 'blocker' });
  }
  if (version === null) return couldNotLook(libvirt.answer.source, 'the version of libvirt is not known', 'Run `virsh version`');
  if (!kernelConfig.ok) return couldNotLook(kernelConfig.error.source, kernelConfig.error.reason, 'Look for /dev/iommu by hand', 'minor');
  return passAt(document, spot);
}
