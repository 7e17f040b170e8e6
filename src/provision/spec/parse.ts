import { parseYamlText, type ParsedText } from '../../config/yaml-text.ts';
import { wrongInSpec } from './meaning.ts';
import { type Spec, specSchema } from './model.ts';
import { SPEC_WORDS } from './spec-words.ts';

/** Parses and checks the text of a spec; the first problems are reported, in the order of the text. */
export function parseSpec(text: string): ParsedText<Spec> {
  return parseYamlText(text, { words: SPEC_WORDS, schema: specSchema, meaning: wrongInSpec });
}
