// Bundles the command line.
import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { writeDemoData } from './demo-data.mjs';

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

/** What has state, or is large and needed by every command: one copy for all bundles. */
const SHARED = { commander: 'commander', 'drafts.ts': './src/cli/drafts.ts', 'usage-error.ts': './src/usage-error.ts' };

/** A file of its own each, so that no run pays for what it does not need: the commands, and what few of them load. */
const SEPARATE = {
  shared: Object.values(SHARED)
    .map((path) => `export * from '${path}';`)
    .join('\n'),
  ...Object.fromEntries(commands().map((name) => [name, `export * from './src/cli/commands/${name}.ts';`])),
  execa: "export * from 'execa';",
  'tar-stream': "module.exports = require('tar-stream');",
  'seek-bzip': "module.exports = require('seek-bzip');",
  diff: "export * from 'diff';",
  listr2: "export * from 'listr2';",
  parse: "export * from './src/config/parse.ts';",
  'judged-phase': "export * from './src/cli/judged-phase.ts';",
  'html-report': "export * from './src/report/html/html-report.ts';",
  png: "export * from './src/charts/png.ts';",
};

function commands() {
  return readdirSync(join(root, 'src/cli/commands')).flatMap((name) => /^([a-z-]+)\.ts$/.exec(name)?.[1] ?? []);
}

/** Resolves what has a file of its own to that file; `own` is the one that is bundled. */
function separate(own) {
  return {
    name: 'separate-files',
    setup({ onResolve }) {
      onResolve({ filter: /.*/ }, ({ path, kind }) => {
        const name = basename(path, '.ts');
        if (own !== 'shared' && basename(path) in SHARED) return { path: './shared.js', external: true };
        return kind === 'dynamic-import' && name in SEPARATE && name !== own ? { path: `./${name}.js`, external: true } : undefined;
      });
    },
  };
}

/** Where the command line is, relative to the folder that it is bundled into. */
const ENTRY = 'cli.js';

const OPTIONS = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  // Native `import()` is not there in what the launcher runs. Template literals with tags would keep characters that are not ASCII.
  supported: { 'dynamic-import': false, 'template-literal': false },
  define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__filename' },
  // It brings its code for one platform in a package of its own, and may be missing.
  external: ['@napi-rs/canvas'],
  // Names stay, so that the stack of an internal error can be read. ASCII, because the launcher reads it as Latin-1.
  minifyWhitespace: true,
  minifySyntax: true,
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'warning',
};

/**
 * Bundles the command line into `outdir`: cli.js (the launcher), main.js, a file for each command and for what few need, and
 * the data of the demo.
 * CommonJS files with V8's code start 15 ms faster than the chunks of an ES module bundle.
 */
export async function bundle(outdir) {
  const main = build({ ...OPTIONS, entryPoints: { main: 'src/cli/main.ts' }, outdir, plugins: [patches, separate('main')] });
  const others = Object.entries(SEPARATE).map(([name, contents]) =>
    build({ ...OPTIONS, stdin: { contents, resolveDir: root }, outfile: join(outdir, `${name}.js`), plugins: [patches, separate(name)] }),
  );
  await Promise.all([main, ...others, writeDemoData(join(outdir, 'demo'))]);
  copyFileSync(join(root, 'scripts/launcher.cjs'), join(outdir, ENTRY));
  writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  return join(outdir, ENTRY);
}

/**
 * Keeps what V8 compiles while the command lines `runs` (arguments of passcheck, what else the environment has) run, for the
 * launcher. What is loaded by several of them has the code of the first.
 */
export function compile(outdir, runs) {
  for (const { argv, environment = {} } of runs) {
    const script = `
      const { existsSync, writeFileSync } = require('node:fs');
      process.argv = [process.execPath, ...${JSON.stringify([join(outdir, ENTRY), ...argv])}];
      const { load, scripts } = require(process.argv[1]);
      void load('execa').execa(process.execPath, ['--version'], { reject: false });
      process.once('exit', () => {
        for (const [name, script] of scripts) {
          const cache = require('node:path').join(${JSON.stringify(outdir)}, name + '.cache');
          if (!existsSync(cache)) writeFileSync(cache, script.createCachedData());
        }
      });`;
    const { status, stderr } = spawnSync(process.execPath, ['-e', script], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    // The verdict about the recording is no concern of the build.
    if (status === null || ![0, 1, 3, 5].includes(status)) process.stderr.write(stderr);
  }
}
