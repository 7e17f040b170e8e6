import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { cpuIsolation } from './cpu-isolation.ts';
import { FactError } from './fact-error.ts';

const CPU = '/sys/devices/system/cpu';
const BASE = { '/proc/cmdline': 'quiet\n', [`${CPU}/online`]: '0-7\n', [`${CPU}/isolated`]: '\n', [`${CPU}/nohz_full`]: '  (null)\n' };

function slices(cpus: string): Record<string, string> {
  return Object.fromEntries(
    ['system.slice', 'user.slice', 'init.scope'].map((part) => [`/sys/fs/cgroup/${part}/cpuset.cpus`, `${cpus}\n`]),
  );
}

describe('cpuIsolation', () => {
  it('reads a host that isolates nothing: an empty line, and "(null)"', async () => {
    expect(await valueOf(cpuIsolation, { files: BASE })).toEqual({
      online: [0, 1, 2, 3, 4, 5, 6, 7],
      isolated: [],
      isolatedCores: [],
      asked: [],
      tickless: [],
      withoutRcuCallbacks: [],
      interruptCpus: [],
      hostPrograms: { state: 'absent' },
      hasHook: { state: 'ok', value: false },
    });
  });

  it('takes what is in force, not what the command line asks for', async () => {
    const files = {
      ...BASE,
      '/proc/cmdline': 'isolcpus=managed_irq,domain,2-7 rcu_nocbs=all irqaffinity=0-1',
      [`${CPU}/isolated`]: '4-7\n',
    };
    expect(await valueOf(cpuIsolation, { files })).toMatchObject({
      isolated: [4, 5, 6, 7],
      asked: ['managed_irq,domain,2-7'],
      withoutRcuCallbacks: { length: 8 },
      interruptCpus: [0, 1],
    });
  });

  it('reads the CPUs that the host’s own programs are confined to', async () => {
    expect(await valueOf(cpuIsolation, { files: { ...BASE, ...slices('0-1') } })).toMatchObject({ hostPrograms: { value: [0, 1] } });
  });

  it('takes the host for not confined while one part of it is not', async () => {
    const files = { ...BASE, ...slices('0-1'), '/sys/fs/cgroup/user.slice/cpuset.cpus': '\n' };
    expect(await valueOf(cpuIsolation, { files })).toMatchObject({ hostPrograms: { state: 'absent' } });
  });

  it('knows the other threads of isolated cores', async () => {
    const files = { ...BASE, [`${CPU}/isolated`]: '2\n', [`${CPU}/cpu2/topology/thread_siblings_list`]: '2,6\n' };
    expect(await valueOf(cpuIsolation, { files })).toMatchObject({ isolatedCores: [[2, 6]] });
  });

  it('sees a hook of libvirt, also in its folder of hooks', async () => {
    for (const path of ['/etc/libvirt/hooks/qemu', '/etc/libvirt/hooks/qemu.d/isolate']) {
      expect(await valueOf(cpuIsolation, { files: { ...BASE, [path]: '#!/bin/sh' } })).toMatchObject({ hasHook: { value: true } });
    }
  });

  it('does without a list that decides nothing', async () => {
    const host = { files: BASE, unreadable: { [`${CPU}/nohz_full`]: 'not-recorded' } } as const;
    expect(await valueOf(cpuIsolation, host)).toMatchObject({ tickless: null, isolated: [] });
  });

  it('is an error when the list was not recorded', async () => {
    const attempt = await collect(cpuIsolation, { files: BASE, unreadable: { [`${CPU}/isolated`]: 'not-recorded' } });
    expect(attempt).toMatchObject({ ok: false, error: { source: `${CPU}/isolated` } });
  });

  it('gives a value or a typed error for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (list, parameter) => {
        const attempt = await collect(cpuIsolation, {
          files: { ...BASE, [`${CPU}/isolated`]: list, '/proc/cmdline': `rcu_nocbs=${parameter}` },
        });
        expect(attempt.ok || attempt.error instanceof FactError).toBe(true);
      }),
    );
  });
});
