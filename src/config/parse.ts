import { CONFIG_WORDS } from './config-words.ts';
import { type Config, configSchema } from './schema.ts';
import { unknownCheck } from './unknown-check.ts';
import { type MeaningProblem, parseYamlText, type ParsedText } from './yaml-text.ts';

export type ParsedConfig = { readonly ok: true; readonly config: Config } | Extract<ParsedText<Config>, { ok: false }>;

/** Parses and checks the text of a `passcheck.yaml`; all problems are reported, in the order of the text. */
export function parseConfig(text: string, checkIds: readonly string[]): ParsedConfig {
  const parsed = parseYamlText(text, {
    words: CONFIG_WORDS,
    schema: configSchema,
    meaning: ({ severity }) => unknownChecks(Object.keys(severity), checkIds),
  });
  return parsed.ok ? { ok: true, config: parsed.value } : parsed;
}

function unknownChecks(ids: readonly string[], checkIds: readonly string[]): MeaningProblem[] {
  return ids
    .filter((id) => !checkIds.includes(id))
    .map((id) => ({ path: ['severity', id], message: unknownCheck(id, checkIds), isAboutKey: true }));
}
