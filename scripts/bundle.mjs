// Bundles the command line into one folder: `cli.js` and the chunks that its commands load when they run.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bundled CommonJS packages (commander, tar-stream) call `require` for Node's own modules. */
const REQUIRE = "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);";

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

export async function bundle(outdir) {
  await build({
    absWorkingDir: root,
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    // Names stay, so that the stack of an internal error can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    charset: 'utf8',
    legalComments: 'none',
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: REQUIRE },
    plugins: [patches, namedCommonJs],
    logLevel: 'warning',
  });
  return join(outdir, 'cli.js');
}
