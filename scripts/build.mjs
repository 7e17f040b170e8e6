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
  compile(draft, [...typicalRuns().map((argv) => ({ argv })), ...provisioningRuns()]);
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
  ];
}

/** A spec against what a real libvirt answered once: a build asks no libvirt of this machine, and changes nothing. */
function provisioningRuns() {
  if (!existsSync(join(root, 'fixtures/provision/world'))) return [];
  const spec = join(scratch, 'lab.yaml');
  // Without the images of Windows, which are not there.
  const template = readFileSync(join(root, 'src/provision/templates/homelab.yaml'), 'utf8');
  writeFileSync(spec, template.replaceAll(/^( +)media: .*$/gm, '$1attachInstallMedia: false'));
  return [
    { argv: ['init', 'homelab'] },
    { argv: ['plan', spec], environment: recordedLibvirt('homelab') },
    { argv: ['apply', spec], environment: recordedLibvirt('empty') },
  ];
}

/** An environment with a virsh that always says the same, and a state folder of its own. */
function recordedLibvirt(world) {
  const folder = join(scratch, world);
  mkdirSync(folder);
  const text = readFileSync(join(root, 'fixtures/provision/world', `${world}.txt`), 'utf8');
  const [, stdout = '', stderr = ''] = text.split(/\n### std(?:out|err)\n/);
  for (const [name, output] of Object.entries({ stdout, stderr })) writeFileSync(join(folder, name), output);
  writeFileSync(join(folder, 'virsh'), `#!/bin/sh\ncat '${folder}/stdout'; cat '${folder}/stderr' >&2\n`, { mode: 0o755 });
  return { PATH: `${folder}:${process.env.PATH}`, XDG_STATE_HOME: folder };
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
