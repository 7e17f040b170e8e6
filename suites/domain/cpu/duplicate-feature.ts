import { removeElement } from '../../../src/domain/edit.ts';
import { type CpuFeature, guestCpu } from '../../../src/domain/guest-cpu.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/cpu/duplicate-feature',
  title: 'Each feature of the CPU is named once',
  severity: 'blocker',
  why: 'libvirt refuses a definition that names a feature of the CPU twice, as those put together from several guides do.',
  sources: ['https://gitlab.com/libvirt/libvirt/-/blob/master/src/conf/cpu_conf.c'],
  evaluate(document) {
    const { features, element } = guestCpu(document);
    if (element === undefined || features.length === 0) return [];
    const first = new Map<string, CpuFeature>();
    const repeated = features.flatMap((feature) => {
      const before = first.get(feature.name);
      if (before === undefined) first.set(feature.name, feature);
      return before === undefined ? [] : { before, feature };
    });
    if (repeated.length === 0) return passAt(document, element);
    return repeated.slice(0, 20).map(({ before, feature }) => {
      const isSame = before.policy === feature.policy;
      const difference = isSame ? '' : `, with the policies ${before.policy.slice(0, 40)} and ${feature.policy.slice(0, 40)}`;
      return failAt(document, feature.element, `the feature ${feature.name.slice(0, 40)} is named twice${difference}`, {
        remedy: xmlRemedy(document, isSame ? 'Remove one of the two' : 'Decide for one of the two policies'),
        edits: isSame ? [removeElement(document, feature.element)] : [],
      });
    });
  },
});
