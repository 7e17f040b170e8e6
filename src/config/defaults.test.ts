import { expect, it } from 'vitest';

import { DEFAULT_CONFIG } from './defaults.ts';
import { configSchema } from './schema.ts';

it('the defaults are what the schema makes of an empty configuration', () => {
  expect(DEFAULT_CONFIG).toStrictEqual(configSchema.parse({}));
});
