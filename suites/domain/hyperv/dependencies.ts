import type { DomainDocument } from '../../../src/domain/document.ts';
import { type Edit, insertChild } from '../../../src/domain/edit.ts';
import { type Enlightenments, enlightenmentsOf, HYPERV_CLOCK, missingRequirements } from '../../../src/domain/enlightenments.ts';
import { setTimer } from '../../../src/domain/timers.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { kvmDomain, libvirtsCpu } from '../hyperv-applies.ts';
import { into } from '../hyperv-place.ts';
import { enlightenmentXml, oneLine } from '../hyperv-recommended.ts';

export default defineDomainRule({
  id: 'domain/hyperv/dependencies',
  title: 'Each enlightenment has those that it needs',
  severity: 'blocker',
  applies: [kvmDomain, libvirtsCpu],
  why: 'QEMU stops with "Hyper-V ... requires Hyper-V ..." before the guest starts; libvirt adds nothing by itself.',
  sources: [
    'https://www.qemu.org/docs/master/system/i386/hyperv.html#existing-enlightenments',
    'https://github.com/qemu/qemu/commit/c686193072a47032d83cb4e131dc49ae30f9e5d7',
  ],
  evaluate(document) {
    const enlightenments = enlightenmentsOf(document.root);
    const { block, mode } = enlightenments;
    if (block === undefined || mode !== 'custom') return [];
    const missing = missingRequirements(enlightenments);
    if (missing.size === 0) return passAt(document, block);
    const edits = editsFor(document, enlightenments, [...missing.keys()]);
    return [...missing].map(([name, users]) => finding(document, enlightenments, { name, users, edits: edits.get(name) ?? [] }));
  },
});

interface Missing {
  readonly name: string;
  readonly users: readonly string[];
  readonly edits: readonly Edit[];
}

function finding(document: DomainDocument, { written }: Enlightenments, { name, users, edits }: Missing): Outcome {
  const isClock = name === HYPERV_CLOCK;
  const what = isClock ? `the timer ${name}` : name;
  const write = isClock ? `<timer name='${name}' present='yes'/>` : oneLine(enlightenmentXml(name));
  const message = `${users.join(' and ')} ${users.length === 1 ? 'needs' : 'need'} ${what}, which is off`;
  return failAt(document, written.get(users[0] ?? '') ?? document.root, message, {
    expected: `${what} on`,
    remedy: xmlRemedy(
      document,
      `Turn on ${what}, or turn off ${users.join(' and ')}`,
      isClock ? into(document, 'clock', write) : { inside: '<hyperv>', write },
    ),
    edits,
  });
}

/** All that goes into <hyperv> is one edit, at the first. What somebody turned off by name is for a person to decide, and the rest with it. */
function editsFor(
  document: DomainDocument,
  { block, written }: Enlightenments,
  names: readonly string[],
): ReadonlyMap<string, readonly Edit[]> {
  if (block === undefined || names.some((name) => written.has(name))) return new Map();
  const [first, ...others] = names.filter((name) => name !== HYPERV_CLOCK);
  const edits = new Map<string, readonly Edit[]>();
  if (first !== undefined) edits.set(first, [insertChild(document, block, [first, ...others].map(enlightenmentXml).join('\n'))]);
  if (names.includes(HYPERV_CLOCK)) edits.set(HYPERV_CLOCK, [setTimer(document, HYPERV_CLOCK, 'present', 'yes')]);
  return edits;
}
