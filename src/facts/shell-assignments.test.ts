import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseShellAssignments } from './shell-assignments.ts';

const words = (text: string) => parseShellAssignments(text).map(({ name, words: list }) => [name, ...list.map((word) => word.text)]);

describe('parseShellAssignments', () => {
  it('reads arrays over several lines, with comments', () => {
    const text = 'MODULES=(vfio_pci # first\n  "vfio" \'vfio_iommu_type1\'\n#nouveau\n)\nHOOKS=(base udev)\n';
    expect(words(text)).toEqual([
      ['MODULES', 'vfio_pci', 'vfio', 'vfio_iommu_type1'],
      ['HOOKS', 'base', 'udev'],
    ]);
    expect(parseShellAssignments(text).map((assignment) => assignment.words.map(({ line }) => line))).toEqual([
      [1, 2, 2],
      [5, 5],
    ]);
  });

  it('reads quoted values with blanks and appending', () => {
    expect(parseShellAssignments('force_drivers+=" vfio_pci vfio "\n')).toEqual([
      { name: 'force_drivers', appends: true, isArray: false, words: [{ text: ' vfio_pci vfio ', line: 1 }] },
    ]);
  });

  it('skips comments, commands and what stands behind them', () => {
    expect(words('# MODULES=(a)\necho MODULES=(b)\n[ -f x ] && MODULES=(c)\n')).toEqual([]);
  });

  it('keeps expansions as they are written and runs nothing', () => {
    expect(words('MODULES=("${MODULES[@]}" $(touch x) `id`)')).toEqual([['MODULES', '${MODULES[@]}', '$(touch', 'x']]);
  });

  it('reads any text', () => {
    const piece = fc.constantFrom('A=', '(', ')', '"', "'", '\\', '\n', '#', ' ', ';', 'x', '+=', '$');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          for (const { name } of parseShellAssignments(text)) expect(name).toMatch(/^\w+$/);
        },
      ),
    );
  });

  it('reads a megabyte without delay', () => {
    expect(parseShellAssignments(`A=(${'x '.repeat(300_000)}`)).toHaveLength(1);
    expect(parseShellAssignments('A'.repeat(1_000_000))).toHaveLength(0);
    expect(parseShellAssignments(`A="${'\\'.repeat(1_000_000)}`)).toHaveLength(1);
  });
});
