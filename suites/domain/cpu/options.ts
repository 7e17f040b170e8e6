import { removeAttribute } from '../../../src/domain/edit.ts';
import { type GuestCpu, guestCpu } from '../../../src/domain/guest-cpu.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import type { Spot } from '../../../src/domain/locate.ts';
import { all, attribute, first, textAt, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/cpu/options',
  title: 'The options of the CPU fit its mode',
  severity: 'blocker',
  why: 'libvirt refuses a definition with options that the mode of the CPU does not have.',
  sources: [
    'https://libvirt.org/formatdomain.html#cpu-model-and-topology',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/conf/cpu_conf.c',
  ],
  evaluate(document) {
    const cpu = guestCpu(document);
    const { element } = cpu;
    if (element === undefined) return [];
    const wrong = [
      ...modeProblems(document, cpu, element),
      ...cacheProblems(document, element),
      ...featureProblems(document, cpu, element),
    ];
    return wrong.length === 0 ? passAt(document, element) : wrong.slice(0, 20);
  },
});

const MODES = ['custom', 'host-model', 'host-passthrough', 'maximum'];

function hasHostMode(element: XmlElement): boolean {
  return ['host-passthrough', 'maximum'].includes(attribute(element, 'mode') ?? '');
}

function modeProblems(document: DomainDocument, { model }: GuestCpu, element: XmlElement): readonly Outcome[] {
  const mode = attribute(element, 'mode') ?? 'custom';
  const migratable = attribute(element, 'migratable');
  const found: Outcome[] = [];
  if (!MODES.includes(mode)) {
    const remedy = xmlRemedy(document, 'Name a mode that libvirt has', {
      inside: '<domain>',
      write: "<cpu mode='host-passthrough' check='none'/>",
    });
    found.push(
      failAt(document, { element, attribute: 'mode' }, `there is no CPU mode "${mode.slice(0, 40)}"`, {
        expected: MODES.join(', '),
        remedy,
      }),
    );
  }
  if (migratable !== null && !hasHostMode(element)) {
    found.push(
      failAt(document, { element, attribute: 'migratable' }, `migratable is no option of the mode ${mode.slice(0, 40)}`, {
        remedy: xmlRemedy(document, 'Remove migratable'),
        edits: [removeAttribute(document, element, 'migratable')],
      }),
    );
  }
  found.push(...wordProblems(document, element));
  const vendor = first(element, 'vendor');
  if (vendor !== undefined && textAt(vendor) !== null && model === null) {
    found.push(
      failAt(document, vendor, 'a vendor is named, but no model', { remedy: xmlRemedy(document, 'Remove <vendor>, or name a <model>') }),
    );
  }
  return found;
}

/** Attributes with a few words that libvirt knows. */
const WORDS = [
  ['match', ['minimum', 'exact', 'strict']],
  ['check', ['none', 'partial', 'full']],
  ['migratable', ['on', 'off']],
] as const;

function wordProblems(document: DomainDocument, element: XmlElement): readonly Outcome[] {
  return WORDS.flatMap(([name, words]) => {
    const written = attribute(element, name);
    if (written === null || words.some((word) => word === written)) return [];
    const remedy = xmlRemedy(document, `Write ${name} as one of ${words.join(', ')}, or remove it`);
    return failAt(document, { element, attribute: name }, `there is no ${name} "${written.slice(0, 40)}" of a CPU`, { remedy });
  });
}

/** qemuDomainDefCPUPostParse, qemu_postparse.c */
function cacheProblems(document: DomainDocument, element: XmlElement): readonly Outcome[] {
  const [cache, second] = all(element, 'cache');
  if (cache === undefined) return [];
  const fail = (spot: Spot, message: string, summary: string): Outcome[] => [
    failAt(document, spot, message, { remedy: xmlRemedy(document, summary) }),
  ];
  const mode = attribute(cache, 'mode');
  const level = attribute(cache, 'level');
  if (second !== undefined) return fail(second, 'there is a second <cache>', 'Remove one of the two');
  if (mode === null || !['emulate', 'passthrough', 'disable'].includes(mode))
    return fail(cache, 'the cache has no mode that libvirt knows', "Write <cache mode='passthrough'/>, or remove it");
  if (mode === 'passthrough' && !hasHostMode(element))
    return fail(
      cache,
      "the guest cannot be shown the caches of the host with a CPU that is not the host's",
      "Set mode='host-passthrough', or remove <cache>",
    );
  if (mode === 'emulate' && level !== '3')
    return fail(cache, 'only the cache of level 3 can be emulated', "Write <cache level='3' mode='emulate'/>");
  if (mode !== 'emulate' && level !== null) return fail(cache, `the mode ${mode} has no level`, 'Remove level');
  return [];
}

const POLICIES = ['force', 'require', 'optional', 'disable', 'forbid'];

function featureProblems(document: DomainDocument, { mode, features }: GuestCpu, element: XmlElement): readonly Outcome[] {
  const remedy = xmlRemedy(document, "Write features as <feature policy='require' name='topoext'/>");
  const found = features.flatMap(({ element: feature, name, policy }) => {
    if (name === '') return failAt(document, feature, 'a feature has no name', { remedy });
    if (POLICIES.includes(policy)) return [];
    const message = `there is no policy "${policy.slice(0, 40)}" for a feature`;
    return failAt(document, { element: feature, attribute: 'policy' }, message, { expected: POLICIES.join(', '), remedy });
  });
  if (mode !== 'none' || features.length === 0) return found;
  const model = xmlRemedy(document, "Set mode='host-passthrough', or name a <model>");
  return [...found, failAt(document, element, 'features are named, but no model that they belong to', { remedy: model })];
}
