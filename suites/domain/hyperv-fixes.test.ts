import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { DomainDocument } from '../../src/domain/document.ts';
import { applyEdits } from '../../src/domain/edit.ts';
import type { Outcome } from '../../src/engine/outcome.ts';
import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import dependencies from './hyperv/dependencies.ts';
import hpetOff from './hyperv/hpet-off.ts';
import hypervclock from './hyperv/hypervclock.ts';
import missedTicks from './hyperv/missed-ticks.ts';
import recommendedSet from './hyperv/recommended-set.ts';
import spinlockRetries from './hyperv/spinlock-retries.ts';
import stimerDirect from './hyperv/stimer-direct.ts';
import suspendOff from './hyperv/suspend-off.ts';
import timerValues from './hyperv/timer-values.ts';
import values from './hyperv/values.ts';
import vmportOff from './hyperv/vmport-off.ts';

const RULES = [
  dependencies,
  hpetOff,
  hypervclock,
  missedTicks,
  recommendedSet,
  spinlockRetries,
  stimerDirect,
  suspendOff,
  timerValues,
  values,
  vmportOff,
];

type Rule = (typeof RULES)[number];

const findings = (rule: Rule, document: DomainDocument): readonly Outcome[] =>
  rule.judge(document, {}).filter(({ status }) => status === 'fail');

const NAMES = ['relaxed', 'vapic', 'spinlocks', 'vpindex', 'runtime', 'synic', 'stimer', 'frequencies', 'tlbflush', 'ipi', 'evmcs'];
const enlightenment = fc
  .tuple(fc.constantFrom(...NAMES), fc.constantFrom('on', 'on', 'on', 'off'))
  .map(([name, state]) => `<${name} state='${state}' retries='8191'/>`);
const timer = fc
  .tuple(
    fc.constantFrom('rtc', 'pit', 'hpet', 'tsc', 'hypervclock', 'kvmclock'),
    fc.constantFrom('', "present='yes'", "present='no'", "tickpolicy='discard'"),
  )
  .map(([name, attributes]) => `<timer name='${name}' ${attributes}/>`);
const definition = fc
  .record({
    pins: fc.constantFrom('', "<vcpu>1</vcpu><cputune><vcpupin vcpu='0' cpuset='3'/></cputune>"),
    features: fc.option(fc.array(enlightenment, { maxLength: 12 }).map((all) => `<features><hyperv>${all.join('\n')}</hyperv></features>`)),
    clock: fc.option(fc.array(timer, { maxLength: 5 }).map((all) => `<clock offset='utc'>${all.join('')}</clock>`)),
    pm: fc.constantFrom('', '<pm/>', "<pm><suspend-to-mem enabled='yes'/></pm>"),
  })
  .map(({ pins, features, clock, pm }) => aDocument(aDefinition({ body: `${pins}${features ?? ''}${clock ?? ''}${pm}` })));

describe('the fixes of the rules about enlightenments and timers', () => {
  it('mend their rule, and make no other find more, one after the other', () => {
    fc.assert(
      fc.property(definition, (given) => {
        let document = given;
        for (const rule of RULES) {
          const before = RULES.map((other) => findings(other, document).length);
          const edits = findings(rule, document).flatMap((outcome) => ('edits' in outcome ? (outcome.edits ?? []) : []));
          if (edits.length === 0) continue;
          document = aDocument(applyEdits(document.text, edits) ?? '');
          const after = RULES.map((other) => findings(other, document).length);
          expect(findings(rule, document)).toEqual([]);
          expect(after.filter((count, index) => count > (before[index] ?? 0))).toEqual([]);
        }
      }),
    );
  });
});
