import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type GuestChannel, GuestError, type GuestExec, type GuestResult } from './channel.ts';
import { fileCommands } from './file-commands.ts';
import { printed } from './file-transfer.ts';
import { type Script, scriptCommand } from './script-command.ts';

const QUESTION_MS = 60_000;

/** Runs a script of this machine in a guest, from a folder of its own that is removed when the script has ended. */
export async function runScript(
  { name, channel }: { readonly name: string; readonly channel: GuestChannel },
  script: Script,
  args: readonly string[],
  options: GuestExec,
): Promise<GuestResult> {
  const system = await channel.system(QUESTION_MS);
  const command = scriptCommand(script, args, system);
  const commands = fileCommands(system.kind);
  const run = (argv: readonly string[]): Promise<GuestResult> => channel.exec(argv, { timeoutMs: QUESTION_MS });
  const folder = await printed({ name, run }, commands.makeFolder(randomBytes(8).toString('hex')), 'the folder for temporary files');
  const remote = (file: string): string => `${folder}${system.kind === 'windows' ? '\\' : '/'}${file}`;
  let result: GuestResult;
  try {
    for (const file of command.files) await sendContents(channel, file.contents, remote(file.name));
    result = await channel.exec([...command.before, remote(command.files[0]?.name ?? ''), ...command.after], options);
  } catch (error) {
    // It may still run, and read its file as it goes on.
    if (!(error instanceof GuestError) || error.reason !== 'timed-out') await remove(run, commands.removeFolder(folder));
    throw error;
  }
  await remove(run, commands.removeFolder(folder));
  return result;
}

async function remove(run: (argv: readonly string[]) => Promise<GuestResult>, argv: readonly string[]): Promise<void> {
  try {
    await run(argv);
  } catch (error) {
    if (!(error instanceof GuestError)) throw error;
  }
}

/** Through a file of this machine that only this user can read: a script may hold a password. */
async function sendContents(channel: GuestChannel, contents: Uint8Array, remote: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'passcheck-script-'));
  try {
    const local = join(folder, 'script');
    await writeFile(local, contents, { mode: 0o600 });
    await channel.upload(local, remote, () => undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
