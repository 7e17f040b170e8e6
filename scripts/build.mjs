// Builds dist/: the bundled command line (cli.js, main.js) and the library with its types (lib/).
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bundle, compile } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const draft = join(root, `dist.draft-${process.pid}`);
const old = join(root, `dist.old-${process.pid}`);
const scratch = mkdtempSync(join(tmpdir(), 'passcheck-build-'));

try {
  chmodSync(await bundle(draft), 0o755);
  emitLibrary(join(draft, 'lib'));
  writeFileSync(join(draft, 'lib/package.json'), '{ "type": "module" }\n');
  compile(draft, typicalRuns(), recordedTools());
  // Whoever runs passcheck meanwhile finds the old files or the new ones, never a mixture.
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(draft, dist);
} finally {
  for (const folder of [draft, old, scratch]) rmSync(folder, { recursive: true, force: true });
}

/** Command lines that exercise what every run of them needs, on what is recorded in the project. */
function typicalRuns() {
  const [host] = inFixtures('hosts');
  const definitions = inFixtures('domains');
  return [
    ...(host === undefined ? [] : [['preflight', '--from', host]]),
    ...(definitions.length === 0 ? [] : [['lint', ...definitions, '--no-schema']]),
    ...(host === undefined ? [] : [['pins', '--from', host]]),
    // Reports in every format that people read.
    ['demo', '--out', join(scratch, 'demo')],
    ['init', 'homelab', '--out', join(scratch, 'lab.yaml')],
    ['plan', join(scratch, 'lab.yaml')],
  ];
}

/** A folder with a virsh that answers as a real one did: a build asks no libvirt of this machine. */
function recordedTools() {
  const folder = join(scratch, 'bin');
  mkdirSync(folder);
  const recording = join(root, 'fixtures/provision/world/homelab.txt');
  const [, stdout = '', stderr = ''] = existsSync(recording) ? readFileSync(recording, 'utf8').split(/\n### std(?:out|err)\n/) : [];
  for (const [name, text] of Object.entries({ stdout, stderr })) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'virsh'), `#!/bin/sh\ncat '${folder}/stdout'; cat '${folder}/stderr' >&2\n`, { mode: 0o755 });
  return folder;
}

function inFixtures(name) {
  const folder = join(root, 'fixtures', name);
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((entry) => entry !== 'README.md')
        .map((entry) => join(folder, entry))
    : [];
}

function emitLibrary(outDir) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', outDir], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`tsc ended with ${status}`);
}
