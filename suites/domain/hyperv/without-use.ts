import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { enlightenmentsOf, isEnlightened } from '../../../src/domain/enlightenments.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
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
      return element === undefined || !isEnlightened(enlightenments, name) ? [] : [{ name, reason, element }];
    });
    const [first, ...others] = found;
    if (first === undefined) return passAt(document, block);
    const names = found.map(({ name }) => name).join(' and ');
    return failAt(document, first.element, `${names} ${others.length === 0 ? 'has' : 'have'} no use here`, {
      evidence: others.map(({ element }) => seenAt(document, element)),
      remedy: xmlRemedy(
        document,
        `Harmless: you may remove ${found.map(({ name, reason }) => `<${name}>, because ${reason}`).join('; and ')}`,
      ),
    });
  },
});
