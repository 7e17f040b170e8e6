import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['ci/virtual-host/*.virtual.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    // Software emulation of a whole machine hangs now and then before anything of passcheck runs; the log says where.
    retry: 1,
    reporters: ['verbose'],
  },
});
