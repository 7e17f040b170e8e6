import type { Result } from './model.ts';

type Remedy = NonNullable<Result['remedy']>;
type Step = NonNullable<Remedy['steps']>[number];

/** One step as renderers show it: words that may be wrapped, and what is to be copied, which must stay as it is. */
export interface ShownStep {
  readonly words: string;
  /** Lines of a file, or a command. */
  readonly copy: string | null;
}

/** The steps of a remedy for a person, with one reboot at the end where any of them asks for it. */
export function shownSteps({ steps = [] }: Remedy): ShownStep[] {
  const shown = joinLines(steps).flatMap((step) => showStep(step));
  const needsReboot = steps.some(({ reboot }) => reboot === true);
  const saysReboot = /^(?:sudo )?(?:systemctl )?reboot$/.test(steps.at(-1)?.run ?? '');
  return needsReboot && !saysReboot ? [...shown, { words: 'Reboot.', copy: null }] : shown;
}

/** Lines for the same file, one after the other, are one step. */
function joinLines(steps: readonly Step[]): readonly Step[] {
  const joined: Step[] = [];
  for (const step of steps) {
    const before = joined.at(-1);
    if (before !== undefined && isLineFor(before, before.file) && isLineFor(step, before.file)) {
      joined.splice(-1, 1, { ...before, line: `${before.line ?? ''}\n${step.line ?? ''}` });
    } else joined.push(step);
  }
  return joined;
}

function isLineFor({ file, line, run, text }: Step, wanted: string | undefined): boolean {
  return file !== undefined && file === wanted && line !== undefined && run === undefined && text === undefined;
}

function showStep({ file, line, run, text }: Step): ShownStep[] {
  const words = [text ?? '', fileWords(file, line)].filter((part) => part !== '').join(' ');
  const edit = words === '' && line === undefined ? [] : [{ words: words === '' ? 'Write:' : words, copy: line ?? null }];
  return run === undefined ? edit : [...edit, { words: 'Run:', copy: run }];
}

function fileWords(file: string | undefined, line: string | undefined): string {
  if (file === undefined) return '';
  if (line === undefined) return `Edit ${file}.`;
  return `In ${file}, ${line.includes('\n') ? 'these lines' : 'this line'}:`;
}
