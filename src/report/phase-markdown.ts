import { escapeMarkdown, inlineCode } from './escape-markdown.ts';
import type { Report } from './model.ts';
import type { JudgedCriterion } from './phase-model.ts';
import { criteriaByGroup, isCommand, progressWords, STATE_MARKS, STATE_WORDS, textPieces, waitingWords } from './phase-progress.ts';

/** The criteria of the phase, a table for each story, and the documents that belong to it. */
export function phaseMarkdown({ phase }: Report): string[] {
  if (phase === undefined) return [];
  const waiting = waitingWords(phase);
  return [
    '',
    `## ${escapeMarkdown(phase.title)}: ${phase.verdict}`,
    '',
    `${progressWords(phase)} · from ${escapeMarkdown(phase.source)}`,
    ...(waiting === null ? [] : ['', waiting]),
    ...[...criteriaByGroup(phase)].flatMap(([group, criteria]) => [
      '',
      `### ${escapeMarkdown(group)}`,
      '',
      '| criterion | state | | next |',
      '|---|---|---|---|',
      ...criteria.map((criterion) => row(criterion)),
    ]),
    ...documents(phase.documents),
  ];
}

function row({ text, state, message, next }: JudgedCriterion): string {
  const words = textPieces(text).map((piece) => (piece.isCode ? inlineCode(piece.text) : escapeMarkdown(piece.text)));
  const step = isCommand(next) ? inlineCode(next) : escapeMarkdown(next ?? '');
  return `| ${words.join('')} | ${STATE_MARKS[state]} ${STATE_WORDS[state]} | ${escapeMarkdown(message)} | ${step} |`;
}

function documents(files: NonNullable<Report['phase']>['documents']): string[] {
  if (files.length === 0) return [];
  return ['', '### Documents of the phase', '', ...files.map(({ file, contents }) => `- ${inlineCode(file)}: ${escapeMarkdown(contents)}`)];
}
