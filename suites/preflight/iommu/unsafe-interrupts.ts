import { defineCheck, type CheckFacts } from '../../../src/engine/check.ts';
import {
  couldNotLook,
  type Evidence,
  fail,
  notApplicable,
  type Outcome,
  pass,
  passWith,
  type Remedy,
} from '../../../src/engine/outcome.ts';
import { asWord } from '../../../src/facts/iommu-switches.ts';
import type { ModprobeConfig } from '../../../src/facts/modprobe-config.ts';
import { UNSAFE_MODULES } from '../../../src/facts/unsafe-interrupts.ts';
import { kernelParameterSteps } from '../../../src/remedy/kernel-parameters.ts';
import { rebuildInitramfsSteps } from '../../../src/remedy/modules.ts';

type Facts = CheckFacts<'unsafeInterrupts' | 'kernel', 'modprobeConfig' | 'interrupts' | 'platform'>;

export default defineCheck({
  id: 'preflight/iommu/unsafe-interrupts',
  title: 'VFIO refuses devices whose interrupts are not remapped',
  severity: 'major',
  needs: ['unsafeInterrupts', 'kernel'],
  wants: ['modprobeConfig', 'interrupts', 'platform'],
  why: 'With allow_unsafe_interrupts a guest that owns a device can inject interrupts into the host, and so crash it or take it over.',
  sources: ['https://docs.kernel.org/driver-api/vfio.html', 'https://docs.kernel.org/userspace-api/iommufd.html'],
  evaluate(facts) {
    const { inForce, refused } = facts.unsafeInterrupts;
    const intent = [...onCommandLine(facts), ...inFiles(facts)];
    if (inForce.length > 0)
      return unsafe(
        facts,
        inForce.map((source) => ({ source, observed: 'Y', expected: 'N' })),
        intent,
      );
    const [first, ...others] = refused.map((source) => ({ source, observed: 'N' }));
    if (first !== undefined && intent.length === 0) return pass(first, ...others);
    if (first !== undefined)
      return passWith('not in force now, but configured: it may be after the next boot', first, ...others, ...intent);
    const [wish, ...wishes] = intent;
    if (wish !== undefined) return unsafe(facts, [wish, ...wishes], intent);
    const hidden = facts.modprobeConfig.ok ? facts.modprobeConfig.value.unread[0] : facts.modprobeConfig.error;
    if (hidden !== undefined)
      return couldNotLook(hidden.source, hidden.reason, 'run passcheck as root: no module of VFIO is loaded, so its options decide');
    return notApplicable('no module of VFIO is loaded, and nothing allows unsafe interrupts for when it is');
  },
});

const YES = /(?:^|\s)allow_unsafe_interrupts(?:=(?:1|[yY]\w*|on))?(?=\s|$)/;

function onCommandLine({ kernel }: Facts): Evidence[] {
  return kernel.parameters
    .filter(({ name, value }) => isUnsafeName(name) && (value === null || /^(?:1|y|on)/i.test(value)))
    .map((parameter) => ({ source: '/proc/cmdline', observed: asWord(parameter) }));
}

function isUnsafeName(name: string): boolean {
  return UNSAFE_MODULES.some((module) => name === `${module}.allow_unsafe_interrupts`);
}

function inFiles({ modprobeConfig }: Facts): Evidence[] {
  const { options }: Pick<ModprobeConfig, 'options'> = modprobeConfig.ok ? modprobeConfig.value : { options: [] };
  return options
    .filter(({ module, parameters }) => UNSAFE_MODULES.some((name) => name === module) && YES.test(parameters))
    .map(({ file, line, module, parameters }) => ({ source: `${file}:${line}`, observed: `options ${module} ${parameters}` }));
}

function unsafe(facts: Facts, state: readonly Evidence[], intent: readonly Evidence[]): Outcome {
  const messages = facts.interrupts.ok ? facts.interrupts.value.filter(({ kind }) => kind === 'msi') : [];
  const isIdle = messages.length > 0 && messages.every(({ isRemapped }) => isRemapped);
  const [first = { source: '/proc/cmdline', observed: '' }, ...rest] = [...state, ...intent.filter((one) => !state.includes(one))];
  return fail(
    isIdle
      ? 'unsafe interrupts are allowed; nothing uses that now, because interrupts are remapped'
      : 'unsafe interrupts are allowed: a guest with a device can inject interrupts into the host',
    { evidence: [first, ...rest], remedy: withdraw(facts, intent), ...(isIdle ? { severity: 'minor' } : {}) },
  );
}

function withdraw({ platform, unsafeInterrupts }: Facts, intent: readonly Evidence[]): Remedy {
  const summary = 'Remove allow_unsafe_interrupts, and mend interrupt remapping if VMs then do not start';
  if (!platform.ok) return { summary };
  const words = intent.filter(({ source }) => source === '/proc/cmdline').map(({ observed }) => observed);
  const files = intent.filter(({ source }) => source !== '/proc/cmdline');
  const now = unsafeInterrupts.inForce.map((path) => ({ run: `echo N > ${path}` }));
  return {
    summary,
    steps: [
      ...now,
      ...files.map(({ source, observed }) => ({ file: source, text: `remove allow_unsafe_interrupts from "${observed}"` })),
      ...(files.length > 0 ? rebuildInitramfsSteps(platform.value) : []),
      ...(words.length > 0 ? kernelParameterSteps(platform.value, { remove: words }) : []),
    ],
  };
}
