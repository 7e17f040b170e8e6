import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { enlightenmentsOf, isEnlightened } from '../../../src/domain/enlightenments.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { enlightenedWindows } from '../hyperv-applies.ts';

/** What QEMU's documentation says of them. */
const USELESS: Readonly<Record<string, string>> = {
  reset: 'Windows restarts without it, and Hyper-V itself no longer has it',
  reenlightenment: 'it is for Hyper-V inside a guest that is migrated, and a guest with a device of the host is not',
};

export default defineDomainRule({
  id: 'domain/hyperv/without-use',
  title: 'No enlightenment is on that has no use here',
  severity: 'info',
  applies: [enlightenedWindows, passesDeviceThrough],
  why: 'They cost nothing. Guides copy them from each other.',
  sources: ['https://www.qemu.org/docs/master/system/i386/hyperv.html#recommendations'],
  evaluate(document) {
    const enlightenments = enlightenmentsOf(document.root);
    const { block, mode, written } = enlightenments;
    if (block === undefined || mode !== 'custom') return [];
    const found = Object.entries(USELESS).flatMap(([name, reason]) => {
      const element = written.get(name);
      if (element === undefined || !isEnlightened(enlightenments, name)) return [];
      return [
        failAt(document, element, `${name} has no use here`, {
          remedy: xmlRemedy(document, `Harmless: you may remove <${name}>, because ${reason}`),
        }),
      ];
    });
    return found.length === 0 ? passAt(document, block) : found;
  },
});
