// Bundles the command line.
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Changes to packages that only make sense in a bundle; the build fails when a package no longer has what is changed. */
const PATCHES = [
  {
    // Loading `child_process` is half of commander's start-up cost, and only executable subcommands, which we have none of, use it.
    file: /commander\/lib\/command\.js$/,
    from: "const childProcess = require('node:child_process');",
    to: "const childProcess = { get spawn() { return require('node:child_process').spawn; } };",
  },
  {
    // Node warns of `new Buffer(size)`, but not within node_modules.
    file: /seek-bzip\/lib\/(?:index|bitreader)\.js$/,
    from: 'new Buffer(',
    to: 'Buffer.alloc(',
  },
];

const patches = {
  name: 'patches',
  setup({ onLoad }) {
    for (const { file, from, to } of PATCHES) {
      onLoad({ filter: file }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (!text.includes(from)) throw new Error(`${path} no longer has: ${from}`);
        return { contents: text.replaceAll(from, to) };
      });
    }
  },
};

/**
 * Node finds the names that a CommonJS package exports, also in `await import('tar-stream')`; esbuild gives only `default`
 * there. A module that names them, as Node sees them, stands between.
 */
const namedCommonJs = {
  name: 'names-of-commonjs-packages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:tar-stream|seek-bzip|systeminformation)$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'named-commonjs' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'named-commonjs' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default' && /^[a-z]\w*$/i.test(name));
      const contents = `import all from '${path}';\nexport default all;\nexport const { ${names.join(', ')} } = all;\n`;
      return { contents, resolveDir: root };
    });
  },
};

/** Where the command line is, relative to the folder that it is bundled into. */
const ENTRY = 'cli.js';

/**
 * Bundles the command line into `outdir`: cli.js (the launcher) and main.js. One CommonJS file starts 15 ms faster than the
 * chunks of an ES module bundle; what a command does not need is in it, but not evaluated.
 */
export async function bundle(outdir) {
  await build({
    absWorkingDir: root,
    entryPoints: { main: 'src/cli/main.ts' },
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    // Native `import()` is not there in what the launcher runs.
    supported: { 'dynamic-import': false },
    // Names stay, so that the stack of an internal error can be read. ASCII, because the launcher reads it as Latin-1.
    minifyWhitespace: true,
    minifySyntax: true,
    charset: 'ascii',
    legalComments: 'none',
    plugins: [patches, namedCommonJs],
    logLevel: 'warning',
  });
  copyFileSync(join(root, 'scripts/launcher.cjs'), join(outdir, ENTRY));
  writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  return join(outdir, ENTRY);
}

/** Keeps what V8 compiles while a recorded host is judged, for the launcher. Without a recorded host there is no cache. */
export function compile(outdir, snapshot) {
  const script = `
    process.argv = [process.execPath, ${JSON.stringify(join(outdir, ENTRY))}, 'preflight', '--from', ${JSON.stringify(snapshot)}];
    const { script } = require(process.argv[1]);
    process.once('exit', () => require('node:fs').writeFileSync(${JSON.stringify(join(outdir, 'main.cache'))}, script.createCachedData()));`;
  spawnSync(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}
