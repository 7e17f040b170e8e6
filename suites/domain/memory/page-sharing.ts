import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { insertAt } from '../../../src/domain/edit.ts';
import { guestMemoryOf, ordinaryKiB } from '../../../src/domain/guest-memory.ts';
import { memoryBackingOf } from '../../../src/domain/memory-backing.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, notApplicable } from '../../../src/engine/outcome.ts';
import { KSM_PATH } from '../../../src/facts/ksm.ts';
import { unreadableMemory } from '../memory-words.ts';

export default defineDomainRule({
  id: 'domain/memory/page-sharing',
  title: 'The host does not look for equal pages in the memory of the guest',
  severity: 'minor',
  host: ['ksm'],
  applies: [passesDeviceThrough],
  why: 'The host can merge no page that a device may write to, so looking for equal ones (KSM) costs CPU time for nothing.',
  sources: ['https://docs.kernel.org/admin-guide/mm/ksm.html', 'https://libvirt.org/formatdomain.html#memory-backing'],
  evaluate(document, { ksm: { state } }) {
    const { root } = document;
    const memory = guestMemoryOf(document);
    if (memory === null) return unreadableMemory();
    if (ordinaryKiB(memory) === 0) return notApplicable('all memory of the guest is in hugepages, which the kernel never merges');
    if (memoryBackingOf(document).isUnshared) return passAt(document, first(root, 'memoryBacking', 'nosharepages') ?? root);
    if (state.state === 'unreadable') return couldNotLook(KSM_PATH, state.detail, 'look at the file by hand');
    const word = state.state === 'ok' ? state.value : 'absent';
    if (word !== 'running') return notApplicable(`the host does not look for equal pages (${KSM_PATH}: ${word})`);
    const backing = first(root, 'memoryBacking');
    return failAt(document, backing ?? first(root, 'memory') ?? root, 'the host looks for equal pages in the memory of the guest', {
      expected: '<nosharepages/>',
      evidence: [{ source: KSM_PATH, observed: '1 (running)' }],
      remedy: xmlRemedy(document, 'Keep the memory of the guest out of it', {
        inside: backing === undefined ? '<domain>' : '<memoryBacking>',
        write: backing === undefined ? '<memoryBacking><nosharepages/></memoryBacking>' : '<nosharepages/>',
      }),
      edits: [insertAt(document, ['memoryBacking'], '<nosharepages/>')],
    });
  },
});
