import { type Disk, disksOf, driverOption, driverSpot } from '../../../src/domain/disks.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

const DIRECT: readonly (string | null)[] = ['none', 'directsync'];

export default defineDomainRule({
  id: 'domain/storage/io-native',
  title: "io='native' comes with a cache mode that goes past the host's cache",
  severity: 'blocker',
  why: "libvirt refuses io='native' unless the disk's cache is none or directsync; without a cache mode the host's cache is used.",
  sources: [
    'https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/qemu/qemu_validate.c',
  ],
  evaluate(document) {
    const native = disksOf(document).filter((disk) => driverOption(disk, 'io') === 'native');
    const wrong = native.filter((disk) => !DIRECT.includes(driverOption(disk, 'cache')));
    const [first] = native;
    if (wrong.length === 0) return first === undefined ? [] : passAt(document, driverSpot(first));
    return wrong.map((disk) =>
      failAt(document, { element: driverSpot(disk), attribute: 'io' }, `disk ${disk.name} has io='native' with ${cacheOf(disk)}`, {
        expected: "cache='none' or cache='directsync'",
        remedy: xmlRemedy(document, "Write cache='none' beside io='native', or remove io='native'"),
      }),
    );
  },
});

function cacheOf(disk: Disk): string {
  const cache = driverOption(disk, 'cache');
  return cache === null ? 'no cache mode' : `cache='${cache.slice(0, 40)}'`;
}
