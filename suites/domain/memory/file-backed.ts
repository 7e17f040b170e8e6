import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { insertAt } from '../../../src/domain/edit.ts';
import { guestMemoryOf, ordinaryKiB } from '../../../src/domain/guest-memory.ts';
import { memoryBackingOf } from '../../../src/domain/memory-backing.ts';
import { pinsAllMemory } from '../../../src/domain/lock-limit.ts';
import { memorySharing } from '../../../src/domain/shared-memory.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Evidence } from '../../../src/engine/outcome.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { Kernel } from '../../../src/facts/kernel.ts';
import type { Mount } from '../../../src/facts/mounts.ts';
import type { QemuConf } from '../../../src/facts/qemu-conf.ts';
import { isAtLeast } from '../../../src/facts/version.ts';
import { unreadableMemory } from '../memory-words.ts';

export default defineDomainRule({
  id: 'domain/memory/file-backed',
  title: 'Shared memory is not in a file on a disk',
  severity: 'blocker',
  wantsHost: ['kernel', 'mounts', 'qemuConf'],
  applies: [passesDeviceThrough],
  why:
    'Shared memory that is neither a memfd nor in hugepages is a file in memory_backing_dir of qemu.conf. Linux from 6.5 on pins no ' +
    'shared file of a disk for a device, so the VM does not start; before, all memory of the guest is written to the disk.',
  sources: [
    'https://libvirt.org/formatdomain.html#memory-backing',
    'https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/commit/?id=8ac268436e6d',
  ],
  evaluate(document, { kernel, mounts, qemuConf }) {
    const { root } = document;
    const memory = guestMemoryOf(document);
    if (memory === null) return unreadableMemory();
    if (memorySharing(root) === 'none') return passWithout(document, 'no shared memory');
    const backing = first(root, 'memoryBacking');
    const { source } = memoryBackingOf(document);
    if (source === 'memfd' || ordinaryKiB(memory) === 0) return passAt(document, backing ?? root);
    const { isRefused, evidence, isInMemory } = effect(kernel, mounts, qemuConf);
    if (isInMemory) return passAt(document, backing ?? root, 'the file is in memory');
    const spot = first(backing, 'source') ?? first(backing, 'access') ?? backing ?? root;
    return failAt(document, spot, 'the shared memory of the guest is a file on a disk', {
      expected: "<source type='memfd'/>",
      evidence,
      remedy: xmlRemedy(document, 'Keep the memory of the guest in a memfd', {
        inside: '<memoryBacking>',
        write: "<source type='memfd'/>",
      }),
      ...(isRefused && pinsAllMemory(document) ? {} : { severity: 'major' as const }),
      edits: source === null ? [insertAt(document, ['memoryBacking'], "<source type='memfd'/>")] : [],
    });
  },
});

interface Effect {
  /** The kernel pins no such file. */
  readonly isRefused: boolean;
  readonly evidence: readonly Evidence[];
  readonly isInMemory: boolean;
}

const DEFAULT_FOLDER = '/var/lib/libvirt/qemu/ram';

/** Before Linux 6.5 such a guest starts. What is not known counts for that. */
const MAY_START = { isRefused: false, isInMemory: false } as const;

function effect(kernel: Attempt<Kernel>, mounts: Attempt<readonly Mount[]>, conf: Attempt<QemuConf>): Effect {
  if (!kernel.ok || !mounts.ok || !conf.ok) return { ...MAY_START, evidence: [] };
  const value = conf.value.settings.findLast(({ name }) => name === 'memory_backing_dir')?.value;
  const folder = typeof value === 'string' ? value : DEFAULT_FOLDER;
  const mount = mountOf(mounts.value, folder);
  const { release, version } = kernel.value;
  if (mount === undefined || release === null || version === null) return { ...MAY_START, evidence: [] };
  const evidence = [
    { source: '/proc/self/mounts', observed: `${folder} is on ${mount.target} (${mount.type})` },
    { source: 'uname -r', observed: release },
  ];
  const isRefused = isAtLeast(version, [6, 5]);
  return { isRefused, evidence, isInMemory: ['tmpfs', 'hugetlbfs'].includes(mount.type) };
}

/** The last one with the longest path: a later mount hides an earlier one. */
function mountOf(mounts: readonly Mount[], folder: string): Mount | undefined {
  const above = mounts.filter(({ target }) => target === '/' || folder === target || folder.startsWith(`${target}/`));
  return above.toSorted((a, b) => a.target.length - b.target.length).at(-1);
}
