import { describe, expect, it } from 'vitest';

import { shownSteps } from './steps.ts';

const GRUB = '/etc/default/grub';

function shown(...steps: NonNullable<Parameters<typeof shownSteps>[0]['steps']>): string[] {
  return shownSteps({ summary: 'Mend it', steps }).map(({ words, copy }) => (copy === null ? words : `${words} ${copy}`));
}

describe('the steps of a fix', () => {
  it('name the file first, then what to do in it, then the line', () => {
    const line = 'GRUB_CMDLINE_LINUX_DEFAULT="… iommu=pt"';
    expect(shown({ file: GRUB, text: 'add to GRUB_CMDLINE_LINUX_DEFAULT', line })).toEqual([
      `In ${GRUB}, add to GRUB_CMDLINE_LINUX_DEFAULT: ${line}`,
    ]);
  });

  it('name the file first where there is no line', () => {
    expect(shown({ file: GRUB, text: 'remove intremap=off from GRUB_CMDLINE_LINUX_DEFAULT' })).toEqual([
      `In ${GRUB}, remove intremap=off from GRUB_CMDLINE_LINUX_DEFAULT.`,
    ]);
  });

  it('are one step where words and a command belong together', () => {
    const run = 'mokutil --import /var/lib/dkms/mok.pub';
    expect(shown({ text: 'DKMS signs what it builds with this key', run })).toEqual([
      `DKMS signs what it builds with this key. Run: ${run}`,
    ]);
    expect(shown({ text: 'while the VM is off', run: 'truncate -s 0 /x' })).toEqual(['While the VM is off. Run: truncate -s 0 /x']);
  });

  it.each([
    [{ file: GRUB }, [`Edit ${GRUB}.`]],
    [{ file: GRUB, line: 'a' }, [`In ${GRUB}, this line: a`]],
    [{ file: GRUB, line: 'a\nb' }, [`In ${GRUB}, these lines: a\nb`]],
    [{ file: GRUB, line: 'a', run: 'update-grub' }, [`In ${GRUB}, this line: a`, 'Run: update-grub']],
    [{ file: GRUB, run: 'update-grub' }, [`Edit ${GRUB}. Run: update-grub`]],
    [{ line: 'a' }, ['Write: a']],
    [{ text: 'see:', line: 'a' }, ['see: a']],
    [{ text: 'install it' }, ['Install it']],
    [{ text: 'vfio-pci has to come first' }, ['vfio-pci has to come first']],
    [{ run: 'update-grub' }, ['Run: update-grub']],
    [{}, []],
  ])('%j', (step, expected) => {
    expect(shown(step)).toEqual(expected);
  });
});
