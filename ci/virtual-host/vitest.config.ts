import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['ci/virtual-host/*.virtual.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    reporters: ['verbose'],
  },
});
