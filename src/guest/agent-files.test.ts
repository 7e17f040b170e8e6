import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { type Answer, base64, CAPABLE, scriptedAgent, WINDOWS } from '../../test/scripted-agent.ts';
import { agentChannel } from './agent.ts';

const folder = mkdtempSync(join(tmpdir(), 'agent-files-'));
const local = join(folder, 'local');
writeFileSync(local, 'passcheck');
afterAll(() => rmSync(folder, { recursive: true }));

const quiet = (): void => {};

/** An agent of Windows whose answers to some commands are others; programs print what `printed` says, in turn. */
function openWith(answers: Readonly<Record<string, Answer>>, printed: readonly string[] = []) {
  let program = 0;
  const usual: Readonly<Record<string, Answer>> = {
    'guest-info': { return: CAPABLE },
    'guest-get-osinfo': { return: WINDOWS },
    'guest-exec': { return: { pid: 1 } },
    'guest-file-open': { return: 1000 },
    'guest-file-close': { return: {} },
    'guest-file-flush': { return: {} },
    'guest-file-write': { return: { count: 9, eof: false } },
    'guest-file-read': { return: { count: 9, 'buf-b64': base64('passcheck'), eof: true } },
    'guest-file-seek': { return: { position: 9, eof: false } },
  };
  const agent = scriptedAgent(({ execute }) => {
    if (execute === 'guest-exec-status' && answers[execute] === undefined)
      return { return: { exited: true, exitcode: 0, 'out-data': base64(printed[program++] ?? '') } };
    return answers[execute] ?? usual[execute] ?? { stderr: `no answer to ${execute}` };
  });
  return { ...agent, channel: agentChannel({ connection: agent.connection, uuid: 'u', name: 'lab1' }) };
}

function names({ asked }: ReturnType<typeof openWith>): string[] {
  return asked.map(({ execute }) => execute);
}

/** The PowerShell of the programs that were started. */
function scripts({ asked }: ReturnType<typeof openWith>): string[] {
  const started = asked.filter(({ execute }) => execute === 'guest-exec');
  return started.map(({ arguments: { arg } }) => Buffer.from(String(Array.isArray(arg) ? arg.at(-1) : ''), 'base64').toString('utf16le'));
}

describe('copying into Windows', () => {
  it('makes a draft, compares its checksum and gives it its name', async () => {
    const agent = openWith({});
    await agent.channel.upload(local, String.raw`C:\Users\O'Neill\a.txt`, quiet);
    const [prepare = '', place = ''] = scripts(agent);
    expect(prepare).toContain(String.raw`$path = 'C:\Users\O''Neill\a.txt'`);
    expect(place).toContain("$sha256 = 'f7773873eb7c0d6161e1c5c8449450f8b5f9602c");
    const opened = agent.asked.find(({ execute }) => execute === 'guest-file-open');
    expect(opened?.arguments).toMatchObject({
      path: expect.stringMatching(/^C:\\Users\\O'Neill\\a\.txt\.[0-9a-f]{16}\.draft$/),
      mode: 'wb',
    });
    expect(names(agent).slice(-5)).toEqual(['guest-file-write', 'guest-file-flush', 'guest-file-close', 'guest-exec', 'guest-exec-status']);
  });

  it('closes the file and removes the draft when the disk there is full', async () => {
    const agent = openWith({ 'guest-file-write': { return: { count: 3, eof: false } } });
    await expect(agent.channel.upload(local, 'C:\\a', quiet)).rejects.toMatchObject({
      message: 'lab1 wrote 3 of 9 bytes: is its disk full?',
    });
    expect(names(agent)).toContain('guest-file-close');
    expect(scripts(agent).at(-1)).toContain('[IO.File]::Delete($draft)');
  });

  it('says what PowerShell says', async () => {
    const agent = openWith({ 'guest-exec-status': { return: { exited: true, exitcode: 1, 'err-data': base64('Access is denied.\r\n') } } });
    await expect(agent.channel.upload(local, 'C:\\a', quiet)).rejects.toMatchObject({
      reason: 'refused',
      message: 'C:\\a of lab1: Access is denied.',
    });
  });
});

describe('copying out of Windows', () => {
  const digest = 'f7773873eb7c0d6161e1c5c8449450f8b5f9602c';

  it.each<[string, Readonly<Record<string, Answer>>, readonly string[], RegExp]>([
    ['another checksum', {}, ['9', 'f'.repeat(64)], /changed while it was copied, or was damaged/],
    ['a size that is none', {}, ['many'], /its size is no number/],
    ['a size that no disk has', {}, ['999999999999999'], /999999999999999 bytes, more than 64 GiB/],
    ['fewer bytes', {}, ['10', digest], /became shorter/],
    [
      'another count',
      { 'guest-file-read': { return: { count: 8, 'buf-b64': base64('passcheck'), eof: true } } },
      ['9'],
      /said it read 8, and sent 9/,
    ],
    [
      'more bytes than wanted',
      { 'guest-file-read': { return: { count: 9, 'buf-b64': base64('passcheck'), eof: true } } },
      ['5'],
      /was asked for 5/,
    ],
    ['nothing for ever', { 'guest-file-read': { return: { count: 0, 'buf-b64': '', eof: false } } }, ['9'], /became shorter/],
  ])('keeps nothing of a guest that sends %s', async (_what, answers, printed, message) => {
    const back = join(folder, 'back');
    const agent = openWith(answers, printed);
    await expect(agent.channel.download('C:\\a', back, quiet)).rejects.toMatchObject({
      name: 'GuestError',
      message: expect.stringMatching(message),
    });
    expect(existsSync(back)).toBe(false);
    const count = (name: string) => names(agent).filter((one) => one === name).length;
    expect(count('guest-file-close')).toBe(count('guest-file-open'));
  });

  it('does not fill the disk from a file without a size', async () => {
    const endless: Answer = { return: { count: 1024 * 1024, 'buf-b64': Buffer.alloc(1024 * 1024).toString('base64'), eof: false } };
    const { channel } = openWith({ 'guest-file-read': endless }, ['0']);
    await expect(channel.download('C:\\a', join(folder, 'endless'), quiet)).rejects.toMatchObject({
      message: expect.stringContaining('more than 16 MiB'),
    });
  });

  it('never overwrites a file of this machine', async () => {
    const { channel } = openWith({}, ['9']);
    await expect(channel.download('C:\\a', local, quiet)).rejects.toMatchObject({ name: 'UsageError' });
    expect(readFileSync(local, 'utf8')).toBe('passcheck');
  });
});

describe('what cannot be sent', () => {
  it.each([
    [join(folder, 'no'), `could not read ${join(folder, 'no')}: there is no such file`],
    [folder, `${folder} is no file that could be sent: it is a folder`],
  ])('%s', async (path, message) => {
    await expect(openWith({}).channel.upload(path, 'C:\\a', quiet)).rejects.toMatchObject({ name: 'UsageError', message });
  });
});
