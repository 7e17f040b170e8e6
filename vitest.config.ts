import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'suites/**/*.test.ts', 'test/**/*.test.ts', 'ci/**/*.test.ts'],
    exclude: ['ci/**/*.{virtual,browser,libvirt}.test.ts'],
    setupFiles: ['test/seed.ts'],
    testTimeout: 20_000,
    // Bundling the command line for its tests takes a while on a busy machine.
    hookTimeout: 60_000,
  },
});
