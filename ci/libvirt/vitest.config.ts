import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['ci/libvirt/*.libvirt.test.ts'],
    globalSetup: ['ci/libvirt/bundled.ts'],
    // Each file has a libvirtd of its own; emulated VMs take a processor each.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // On a busy machine libvirt now and then starts QEMU before its swtpm listens.
    retry: 1,
    reporters: ['verbose'],
  },
});
