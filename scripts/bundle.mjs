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

/** What few runs need and what is large: a file of its own each, so that the others do not pay for it. */
const SEPARATE = {
  execa: "export * from 'execa';",
  'tar-stream': "module.exports = require('tar-stream');",
  'seek-bzip': "module.exports = require('seek-bzip');",
  diff: "export * from 'diff';",
  './parse.ts': "export * from './src/config/parse.ts';",
};

const separate = {
  name: 'separate-files',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ path, kind }) =>
      kind === 'dynamic-import' && path in SEPARATE ? { path: `./${fileOf(path)}`, external: true } : undefined,
    );
  },
};

/** `./parse.ts` → `parse.js` */
function fileOf(name) {
  return `${name.replace(/^\.\//, '').replace(/\.ts$/, '')}.js`;
}

/** Where the command line is, relative to the folder that it is bundled into. */
const ENTRY = 'cli.js';

const OPTIONS = {
  absWorkingDir: root,
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
  logLevel: 'warning',
};

/**
 * Bundles the command line into `outdir`: cli.js (the launcher), main.js, and the separate files. One CommonJS file starts
 * 15 ms faster than the chunks of an ES module bundle; what a command does not need is in it, but not evaluated.
 */
export async function bundle(outdir) {
  const main = build({ ...OPTIONS, entryPoints: { main: 'src/cli/main.ts' }, outdir, plugins: [patches, separate] });
  const others = Object.entries(SEPARATE).map(([name, contents]) =>
    build({ ...OPTIONS, stdin: { contents, resolveDir: root }, outfile: join(outdir, fileOf(name)), plugins: [patches] }),
  );
  await Promise.all([main, ...others]);
  copyFileSync(join(root, 'scripts/launcher.cjs'), join(outdir, ENTRY));
  writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  return join(outdir, ENTRY);
}

/**
 * Keeps what V8 compiles while a recorded host is judged and a command is run, for the launcher. Without a recorded host
 * there is no cache.
 */
export function compile(outdir, snapshot) {
  const script = `
    process.argv = [process.execPath, ${JSON.stringify(join(outdir, ENTRY))}, 'preflight', '--from', ${JSON.stringify(snapshot)}];
    const { load, scripts } = require(process.argv[1]);
    void load('execa').execa(process.execPath, ['--version'], { reject: false });
    process.once('exit', () => {
      for (const [name, script] of scripts)
        require('node:fs').writeFileSync(require('node:path').join(${JSON.stringify(outdir)}, name + '.cache'), script.createCachedData());
    });`;
  spawnSync(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}
