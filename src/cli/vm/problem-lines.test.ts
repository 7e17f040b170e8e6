import { describe, expect, it } from 'vitest';

import { problemLines } from './problem-lines.ts';

describe('what is wrong with a VM', () => {
  it('is told with what helps, within 80 columns, and a command in one piece', () => {
    const fix = `Put the network in force again, and then the VM: virsh net-start ${'n'.repeat(90)}`;
    expect(problemLines('win11', { message: 'it has no network', fix })).toEqual([
      'win11: it has no network',
      '  → Put the network in force again, and then the VM:',
      `      virsh net-start ${'n'.repeat(90)}`,
    ]);
    const long = problemLines('win11', { message: 'word '.repeat(40), fix: 'other '.repeat(40) });
    expect(Math.max(...long.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('has nothing in it that a terminal obeys', () => {
    expect(problemLines('a\u001b[2J', { message: 'b\u0007\nc', fix: '\u202Ed' }).join('\n')).toBe('a\\x1b[2J: b\\x07 c\n  → \\u202ed');
  });
});
