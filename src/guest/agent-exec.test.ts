import { describe, expect, it } from 'vitest';

import { base64, CAPABLE, DEBIAN, WINDOWS } from '../../test/scripted-agent.ts';
import { ending, open } from '../../test/scripted-guest.ts';
import { ConnectionError } from '../libvirt/connection.ts';

const TIMEOUT = { timeoutMs: 60_000 };

describe('a program in Windows', () => {
  it('is run as it is, without a shell', async () => {
    const { channel, asked } = ending(WINDOWS, { exited: true, exitcode: 0, 'out-data': base64('ok') });
    const result = await channel.exec(['cmd.exe', '/c', 'ver'], { ...TIMEOUT, input: Buffer.from('in') });
    expect(result).toMatchObject({ exitCode: 0, stdout: Buffer.from('ok'), stderr: Buffer.from('') });
    expect(asked.find(({ execute }) => execute === 'guest-exec')?.arguments).toEqual({
      path: 'cmd.exe',
      arg: ['/c', 'ver'],
      'capture-output': true,
      'input-data': base64('in'),
    });
  });

  it('may end by an exception, which the agent calls a signal', async () => {
    const { channel } = ending(WINDOWS, { exited: true, signal: -1_073_741_819 });
    expect(await channel.exec(['crash.exe'], TIMEOUT)).toMatchObject({ exitCode: null, signal: -1_073_741_819 });
  });

  it('may have printed more than the agent keeps', async () => {
    const { channel } = ending(WINDOWS, { exited: true, exitcode: 0, 'out-data': base64('much'), 'out-truncated': true });
    expect(await channel.exec(['much.exe'], TIMEOUT)).toMatchObject({ isTruncated: true });
  });
});

describe('how a program ends', () => {
  it('is asked until the agent knows, however long it was too busy to answer', async () => {
    const busy = 'Guest agent is not responding: Guest agent not available for now';
    const { channel } = ending(WINDOWS, { exited: false }, busy, { exited: false }, { exited: true, exitcode: 3 });
    expect(await channel.exec(['x.exe'], TIMEOUT)).toMatchObject({ exitCode: 3 });
  });

  it('is not known, nor whether it began, when the agent does not answer at its start', async () => {
    const { channel, asked } = open(({ execute }) => {
      if (execute === 'guest-info') return { return: CAPABLE };
      if (execute === 'guest-get-osinfo') return { return: WINDOWS };
      return { stderr: 'Guest agent is not responding: Guest agent not available for now' };
    });
    await expect(channel.exec(['x.exe'], TIMEOUT)).rejects.toMatchObject({
      reason: 'timed-out',
      message: 'the guest agent of lab1 did not answer; the program may have been started all the same',
    });
    expect(asked.filter(({ execute }) => execute === 'guest-exec').length).toBe(1);
  });

  it('is asked again when libvirt was restarted meanwhile', async () => {
    let polls = 0;
    const { channel } = open(({ execute }) => {
      if (execute === 'guest-info') return { return: CAPABLE };
      if (execute === 'guest-get-osinfo') return { return: WINDOWS };
      if (execute === 'guest-exec') return { return: { pid: 1 } };
      if (polls++ === 0) throw new ConnectionError('libvirt does not answer', 'Start it');
      return { return: { exited: true, exitcode: 4 } };
    });
    expect(await channel.exec(['x.exe'], TIMEOUT)).toMatchObject({ exitCode: 4 });
  });

  it('is lost when the agent forgot the program', async () => {
    const forgot = "internal error: unable to execute QEMU agent command 'guest-exec-status': Invalid parameter 'pid'";
    const { channel } = ending(WINDOWS, { exited: false }, forgot);
    await expect(channel.exec(['x.exe'], TIMEOUT)).rejects.toMatchObject({
      message: 'the guest agent of lab1 no longer knows the program (pid 4242): how it ended is lost',
    });
  });

  it.each(['', 'hello', 'passcheck small', 'passcheck small 0 1', 'passcheck huge 0 1 1', `passcheck small 0 ${'9'.repeat(40)} 0`])(
    'is not guessed when the guest prints %j instead of it',
    async (header) => {
      const { channel } = ending(DEBIAN, { exited: true, exitcode: 0, 'out-data': base64(`${header}\n`) });
      await expect(channel.exec(['true'], TIMEOUT)).rejects.toMatchObject({ reason: 'garbage' });
    },
  );

  it('is not waited for when the guest promises output that never comes', async () => {
    const { channel } = ending(
      DEBIAN,
      { exited: true, exitcode: 0, 'out-data': base64('passcheck large 0 2000000 0\n') },
      { exited: true, exitcode: 0 },
    );
    await expect(channel.exec(['true'], TIMEOUT)).rejects.toMatchObject({
      reason: 'garbage',
      message: expect.stringContaining('went away'),
    });
  });
});
