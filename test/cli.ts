import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bundle } from '../scripts/bundle.mjs';

/** How a command line ended. */
interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line, bundled into a folder of its own: what is tested is the source as it is now, not an older dist/. */
export interface Cli {
  readonly file: string;
  /** An empty folder for the files of a test file. */
  readonly folder: string;
  run(argv: readonly string[], options?: { readonly input?: string; readonly env?: Readonly<Record<string, string>> }): CliResult;
  /** A shell line in which `$PASSCHECK` is the command: for pipes and redirections. */
  shell(line: string): CliResult;
  start(argv: readonly string[]): ReturnType<typeof spawn>;
  remove(): void;
}

export async function bundledCli(): Promise<Cli> {
  const folder = mkdtempSync(join(tmpdir(), 'passcheck-cli-'));
  const file = await bundle(join(folder, 'bundle'));
  const env = { PATH: process.env['PATH'], HOME: folder, PASSCHECK: `'${process.execPath}' '${file}'`, LANG: 'C.UTF-8' };
  const work = mkdtempSync(join(folder, 'work-'));
  const options = { cwd: work, encoding: 'utf8', timeout: 30_000 } as const;
  return {
    file,
    folder: work,
    run: (argv, { input = '', env: more = {} } = {}) =>
      spawnSync(process.execPath, [file, ...argv], { ...options, input, env: { ...env, ...more } }),
    shell: (line) => spawnSync('bash', ['-o', 'pipefail', '-c', line.replaceAll('$PASSCHECK', env.PASSCHECK)], { ...options, env }),
    start: (argv) => spawn(process.execPath, [file, ...argv], { cwd: work, env, stdio: ['pipe', 'pipe', 'pipe'] }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
