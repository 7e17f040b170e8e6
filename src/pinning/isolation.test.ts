import { spawnSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { isolationOf } from './isolation.ts';

const PLAN = { vcpus: [2, 6, 3, 7], host: [0, 1, 4, 5] };

/** What the hook does, with a `systemctl` that only tells its arguments. */
function run(domain: string | null, argv: readonly string[]): string {
  const { text } = isolationOf(PLAN, domain).hook;
  const { status, stdout } = spawnSync('sh', ['-s', '--', ...argv], { input: `systemctl() { echo "$@"; }\n${text}`, encoding: 'utf8' });
  expect(status).toBe(0);
  return stdout;
}

describe('isolationOf', () => {
  it('confines the host to its CPUs, and sets it free again', () => {
    const { start, stop, kernel } = isolationOf(PLAN, 'win11');
    expect(start[0]).toBe('systemctl set-property --runtime -- system.slice AllowedCPUs=0-1,4-5');
    expect(stop[2]).toBe('systemctl set-property --runtime -- init.scope AllowedCPUs=0-7');
    expect(kernel.map(({ option }) => option)).toEqual(['nohz_full=2-3,6-7', 'rcu_nocbs=2-3,6-7', 'irqaffinity=0-1,4-5']);
  });

  it('has a hook that does so when the VM starts and stops', () => {
    expect(run('win11', ['win11', 'prepare', 'begin', '-']).split('\n')).toEqual([
      'set-property --runtime -- system.slice AllowedCPUs=0-1,4-5',
      'set-property --runtime -- user.slice AllowedCPUs=0-1,4-5',
      'set-property --runtime -- init.scope AllowedCPUs=0-1,4-5',
      '',
    ]);
    expect(run('win11', ['win11', 'release', 'end', '-'])).toContain('user.slice AllowedCPUs=0-7\n');
    expect(run('win11', ['win11', 'started', 'begin', '-'])).toBe('');
    expect(run('win11', ['other', 'prepare', 'begin', '-'])).toBe('');
  });

  it.each([`it's "$(reboot)"`, '`x`', "a'b", '-n', '*'])('takes the name %s literally', (name) => {
    expect(run(name, [name, 'prepare', 'begin', '-'])).toContain('AllowedCPUs=0-1,4-5');
    expect(run(name, ['other', 'prepare', 'begin', '-'])).toBe('');
  });
});
