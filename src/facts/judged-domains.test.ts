import { describe, expect, it } from 'vitest';

import { aConfig, aDomain, aGpu, aPassthrough } from '../../test/facts.ts';
import type { Config } from '../config/schema.ts';
import { memoryHost } from '../host/memory.ts';
import type { DefinedDomain } from './domains.ts';
import { FactError } from './fact-error.ts';
import type { Attempt } from './fact.ts';
import { isActive, judgedDomains, type JudgedDomains } from './judged-domains.ts';
import type { Passthrough } from './passthrough.ts';

const hidden = { ok: false, error: new FactError({ source: '/sys/bus/pci/devices', reason: 'permission denied' }) } as const;
const defined = (name: string, state = 'shut off'): DefinedDomain => ({ definition: aDomain({ name }), state });

function judge(domains: readonly DefinedDomain[], passthrough: Attempt<Passthrough>, config: Config = aConfig()): JudgedDomains {
  const judged = judgedDomains.collect(memoryHost({}), { domains, passthrough }, { config });
  if (judged instanceof Promise) throw new TypeError('the fact waits');
  return judged;
}

const names = (domains: readonly DefinedDomain[]): string[] => domains.map(({ definition }) => definition.name);
const giving = (...domains: string[]): Attempt<Passthrough> => ({ ok: true, value: aPassthrough([aGpu(undefined, { domains })]) });

describe('judgedDomains', () => {
  it('takes the domains that are given the GPU', () => {
    expect(names(judge([defined('web'), defined('win11')], giving('win11')).domains)).toEqual(['win11']);
  });

  it('takes the VMs of passcheck.yaml instead, even when the GPU is not known', () => {
    const judged = judge([defined('web'), defined('win11')], hidden, aConfig({ vms: ['web', 'gone'] }));
    expect(names(judged.domains)).toEqual(['web']);
    expect(judged.missing).toEqual(['gone']);
  });

  it('has none when no domain is defined', () => {
    expect(judge([], hidden)).toEqual({ domains: [], missing: [], others: [] });
  });

  it('does not guess when domains exist and the GPU is hidden', () => {
    expect(() => judge([defined('win11')], hidden)).toThrow(FactError);
  });

  it('lists the other domains that hold memory now', () => {
    const judged = judge([defined('web', 'running'), defined('mail'), defined('win11', 'running')], giving('win11'));
    expect(names(judged.others)).toEqual(['web']);
  });

  it('counts a paused domain as one that holds its memory', () => expect(isActive({ state: 'paused' })).toBe(true));
});
