import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { isolationOf } from './isolation.ts';

type Division = Parameters<typeof isolationOf>[0];

const PLAN: Division = { vcpus: [2, 6, 3, 7], host: [0, 1, 4, 5], avoided: [] };
const ONE: Division = { vcpus: [2, 6], host: [0, 1, 4, 5], avoided: [3, 7] };
const OTHER: Division = { vcpus: [3, 7], host: [0, 1, 4, 5], avoided: [2, 6] };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passcheck-hook-'));
  writeFileSync(join(folder, 'systemctl'), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What the hook does, with a `systemctl` that only tells its arguments. */
function run(plan: Division, domain: string | null, argv: readonly string[], shell = 'sh'): string {
  const text = isolationOf(plan, domain).hook.text.replace('=/run/passcheck-cpus', `=${folder}/state`);
  const PATH = `${folder}:${process.env['PATH'] ?? ''}`;
  const { status, stdout, stderr } = spawnSync(shell, ['-s', '--', ...argv], { input: text, encoding: 'utf8', env: { PATH } });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

const begin = (name: string): string[] => [name, 'prepare', 'begin', '-'];
const release = (name: string): string[] => [name, 'release', 'end', '-'];
const cpusIn = (output: string): string => /AllowedCPUs=(\S*)/.exec(output)?.[1] ?? '';

describe('isolationOf', () => {
  it('confines the host to its CPUs, and sets it free again', () => {
    const { start, stop, kernel } = isolationOf(PLAN, 'win11');
    expect(start[0]).toBe('systemctl set-property --runtime -- system.slice AllowedCPUs=0-1,4-5');
    expect(stop[2]).toBe('systemctl set-property --runtime -- init.scope AllowedCPUs=0-7');
    expect(kernel.map(({ option }) => option)).toEqual(['nohz_full=2-3,6-7', 'rcu_nocbs=2-3,6-7', 'irqaffinity=0-1,4-5']);
    expect(isolationOf(ONE, 'win11').stop[2]).toContain('AllowedCPUs=0-7');
  });

  it('has a hook that does so when the VM starts and stops', () => {
    expect(run(PLAN, 'win11', begin('win11')).split('\n')).toEqual([
      'set-property --runtime -- system.slice AllowedCPUs=0,1,4,5',
      'set-property --runtime -- user.slice AllowedCPUs=0,1,4,5',
      'set-property --runtime -- init.scope AllowedCPUs=0,1,4,5',
      '',
    ]);
    expect(run(PLAN, 'win11', release('win11'))).toContain('user.slice AllowedCPUs=0,1,2,3,4,5,6,7\n');
    expect(run(PLAN, 'win11', ['win11', 'started', 'begin', '-'])).toBe('');
    expect(run(PLAN, 'win11', begin('other'))).toBe('');
  });

  it.each(['sh', 'bash'])('has a hook for each VM, and together they keep the host off the CPUs of all that run (%s)', (shell) => {
    const does = (plan: Division, name: string, argv: readonly string[]): string => cpusIn(run(plan, name, argv, shell));
    expect(does(ONE, 'one', begin('one'))).toBe('0,1,3,4,5,7');
    expect(does(OTHER, 'other', begin('other'))).toBe('0,1,4,5');
    expect(does(ONE, 'one', release('one'))).toBe('0,1,2,4,5,6');
    expect(does(OTHER, 'other', release('other'))).toBe('0,1,2,3,4,5,6,7');
  });

  it.each([
    ['win11', 'win11'],
    ['my vm', 'my%20vm'],
    ['../x', '%2e%2e%2fx'],
    ['ä', '%c3%a4'],
  ])('names the hook after the VM %s', (name, file) => {
    expect(isolationOf(PLAN, name).hook.path).toBe(`/etc/libvirt/hooks/qemu.d/passcheck-cpus-${file}`);
  });

  it.each([`it's "$(reboot)"`, '`x`', "a'b", '-n', '*'])('takes the name %s literally', (name) => {
    expect(run(PLAN, name, begin('other'))).toBe('');
    expect(cpusIn(run(PLAN, name, begin(name)))).toBe('0,1,4,5');
  });
});
