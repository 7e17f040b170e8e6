import { insertChild } from '../../../src/domain/edit.ts';
import { enlightenmentsOf, hasSwitch, isEnlightened } from '../../../src/domain/enlightenments.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { enlightenedWindows } from '../hyperv-applies.ts';

export default defineDomainRule({
  id: 'domain/hyperv/stimer-direct',
  title: 'The synthetic timers may interrupt directly',
  severity: 'info',
  applies: [enlightenedWindows],
  why: 'Without direct mode each timer is delivered as a message; and Hyper-V inside the guest (memory integrity, WSL 2) cannot use the timers at all.',
  sources: ['https://www.qemu.org/docs/master/system/i386/hyperv.html#existing-enlightenments'],
  evaluate(document) {
    const enlightenments = enlightenmentsOf(document.root);
    const stimer = enlightenments.written.get('stimer');
    if (stimer === undefined || enlightenments.mode !== 'custom' || !isEnlightened(enlightenments, 'stimer')) return [];
    if (hasSwitch(enlightenments, 'stimer', 'direct')) return passAt(document, stimer);
    const write = "<direct state='on'/>";
    return failAt(document, stimer, 'the synthetic timers come as messages only', {
      expected: write,
      remedy: xmlRemedy(document, 'Let the timers interrupt directly', { inside: '<stimer>', write }),
      edits: first(stimer, 'direct') === undefined ? [insertChild(document, stimer, write)] : [],
    });
  },
});
