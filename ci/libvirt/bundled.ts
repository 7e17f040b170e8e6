import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestProject } from 'vitest/node';

import { bundle } from '../../scripts/bundle.mjs';

/** Bundles the command line once for all test files: what is tested is the source as it is now. */
export default async function bundled(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'passcheck-cli-'));
  // For lines that run as another user.
  chmodSync(folder, 0o755);
  project.provide('passcheckCli', await bundle(folder));
  return () => rmSync(folder, { recursive: true, force: true });
}
