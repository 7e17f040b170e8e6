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
  const edit = editWords(file, line, text);
  if (line !== undefined) return [{ words: edit, copy: line }, ...(run === undefined ? [] : [{ words: 'Run:', copy: run }])];
  if (run === undefined) return edit === '' ? [] : [{ words: edit, copy: null }];
  return [{ words: edit === '' ? 'Run:' : `${sentence(edit)} Run:`, copy: run }];
}

function editWords(file: string | undefined, line: string | undefined, text: string | undefined): string {
  if (file === undefined) return line === undefined ? capitalized(text ?? '') : beforeLine(capitalized(text ?? 'Write'));
  if (line !== undefined) return beforeLine(`In ${file}, ${text ?? (line.includes('\n') ? 'these lines' : 'this line')}`);
  return text === undefined ? `Edit ${file}.` : sentence(`In ${file}, ${text}`);
}

function beforeLine(text: string): string {
  return `${text.replace(/[.:]$/, '')}:`;
}

function sentence(text: string): string {
  return /[.:!?]$/.test(text) ? text : `${text}.`;
}

/** A name ("vfio-pci", "/etc/fstab") stays as it is written. */
function capitalized(text: string): string {
  return /^[a-z]+[ ,]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
