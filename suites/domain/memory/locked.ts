import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { memoryBackingOf } from '../../../src/domain/memory-backing.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { hardLimitKiB } from '../../../src/domain/lock-limit.ts';

export default defineDomainRule({
  id: 'domain/memory/locked',
  title: 'Locking memory has a limit',
  severity: 'minor',
  applies: [passesDeviceThrough],
  why:
    'With <locked/> and no limit libvirt lets QEMU lock as much memory as it likes, which a guest that has broken out of its ' +
    'bounds can use against the host. VFIO pins the memory of the guest without it.',
  sources: ['https://libvirt.org/formatdomain.html#memory-backing', 'https://docs.kernel.org/driver-api/vfio.html'],
  evaluate(document) {
    const { root } = document;
    const locked = first(root, 'memoryBacking', 'locked');
    if (!memoryBackingOf(document).isLocked || locked === undefined) return passWithout(document, 'no <locked/>');
    if (hardLimitKiB(root) !== null) return passAt(document, locked);
    return failAt(document, locked, 'QEMU may lock any amount of memory', {
      expected: '<hard_limit>, or no <locked/>',
      remedy: xmlRemedy(document, 'Remove <locked/>: the memory of a guest with a passed device is pinned anyway'),
    });
  },
});
