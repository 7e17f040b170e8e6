// Writes reports/example, which is what `passcheck demo` writes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bundle } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'passcheck-example-'));

try {
  // The bundle lies outside of the project, and draws with a package that is not in it.
  const env = { ...process.env, NODE_PATH: join(root, 'node_modules') };
  const argv = [await bundle(folder), 'demo', '--out', 'reports/example'];
  const { status } = spawnSync(process.execPath, argv, { cwd: root, env, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
