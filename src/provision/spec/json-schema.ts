import * as z from 'zod/mini';

import { specSchema } from './model.ts';

/** The JSON Schema of what a person writes, for editors: draft 7 is what they know. What the meaning of a spec tells is not in it. */
export function specJsonSchema(): unknown {
  return z.toJSONSchema(specSchema, { io: 'input', target: 'draft-7' });
}
