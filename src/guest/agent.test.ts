import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Answer, DEBIAN, WINDOWS } from '../../test/scripted-agent.ts';
import { ending, open, SCRIPTED_UUID } from '../../test/scripted-guest.ts';
import { ConnectionError } from '../libvirt/connection.ts';
import { GuestError } from './channel.ts';

const TIMEOUT = { timeoutMs: 60_000 };

describe('a guest agent that cannot be used', () => {
  it.each([
    ['Requested operation is not valid: domain is not running', 'unreachable', 'lab1 is not running', 'passcheck vm start lab1'],
    [
      'argument unsupported: QEMU guest agent is not configured',
      'unreachable',
      'lab1 has no channel for a guest agent',
      'org.qemu.guest_agent.0',
    ],
    ['Guest agent is not responding: QEMU guest agent is not connected', 'unreachable', 'no guest agent runs in lab1', 'qemu-guest-agent'],
    [
      'Guest agent is not responding: QEMU guest agent is not available due to an error',
      'unreachable',
      'libvirt gave the guest agent of lab1 up after an answer that it could not read',
      'Restart-Service QEMU-GA',
    ],
    [
      'Guest agent is not responding: Guest agent not available for now',
      'timed-out',
      'the guest agent of lab1 did not answer',
      'passcheck vm wait',
    ],
    [
      'guest agent command timed out: Guest agent disappeared while executing command',
      'timed-out',
      'the guest agent of lab1 did not answer',
      'passcheck vm wait',
    ],
    [
      'Unable to encode message payload',
      'garbage',
      'the answer of the guest agent of lab1 is larger than libvirt carries (4 MiB)',
      'vm copy',
    ],
    [
      "internal error: unable to execute QEMU agent command 'guest-ping': The command guest-ping has not been found",
      'refused',
      'the guest agent of lab1 is too old: it does not know guest-ping',
      'Update',
    ],
    [
      "guest agent command failed: unable to execute QEMU agent command 'guest-ping': Command guest-ping has been disabled: the command is not allowed",
      'refused',
      'the guest agent of lab1 does not allow guest-ping',
      'block-rpcs',
    ],
  ])('%s', async (stderr, reason, message, hint) => {
    const { channel } = open(() => ({ stderr }));
    await expect(channel.ping(5000)).rejects.toMatchObject({ name: 'GuestError', reason, message, hint: expect.stringContaining(hint) });
  });

  it('is told what libvirt said when nobody knows that', async () => {
    const { channel } = open(() => ({ stderr: 'something new' }));
    await expect(channel.ping(5000)).rejects.toMatchObject({ message: 'the guest agent of lab1 could not be asked: something new' });
  });

  it('is a GuestError where virsh itself is the trouble', async () => {
    const { channel } = open(() => Promise.reject(new ConnectionError('virsh is not installed', 'Install it')));
    await expect(channel.ping(5000)).rejects.toMatchObject({
      reason: 'unreachable',
      message: 'virsh is not installed',
      hint: 'Install it',
    });
  });
});

describe('the guest agent', () => {
  it('is asked with a time-out in whole seconds, by UUID', async () => {
    const { channel, calls } = open(() => ({ return: {} }));
    await channel.ping(1200);
    expect(calls).toEqual([['qemu-agent-command', '--timeout', '2', SCRIPTED_UUID, '{"execute":"guest-ping"}']]);
  });

  it('is asked one thing at a time', async () => {
    const { channel, most, asked } = open(() => new Promise((done) => setImmediate(() => done({ return: {} }))));
    await Promise.all([channel.ping(1000), channel.ping(1000), channel.ping(1000)]);
    expect(most()).toBe(1);
    expect(asked.length).toBe(3);
  });

  it('is asked again after it failed', async () => {
    let isFirst = true;
    const { channel } = open(() => {
      const answer: Answer = isFirst ? { stderr: 'it broke' } : { return: {} };
      isFirst = false;
      return answer;
    });
    const first = channel.ping(1000);
    const second = channel.ping(1000);
    await expect(first).rejects.toThrow('it broke');
    await expect(second).resolves.toBeUndefined();
  });

  it.each([
    [WINDOWS, 'windows', 'Windows 11 Pro'],
    [DEBIAN, 'linux', 'Debian GNU/Linux 12 (bookworm)'],
    [{ id: 'freebsd', name: 'FreeBSD' }, 'other', 'FreeBSD'],
    [{}, 'other', 'a system that does not say what it is'],
  ])('says what system it is in: %j', async (info, kind, name) => {
    const { channel } = open(() => ({ return: info }));
    expect(await channel.system(5000)).toEqual({ kind, name });
  });

  it('leaves out what an interface does not have', async () => {
    const { channel } = open(() => ({
      return: [
        {
          name: 'Ethernet',
          'hardware-address': '52:54:00:AA:BB:CC',
          'ip-addresses': [{ 'ip-address': '10.0.0.5', 'ip-address-type': 'ipv4', prefix: 24 }],
        },
        { name: 'tun0' },
      ],
    }));
    expect(await channel.addresses(5000)).toEqual([
      { interface: 'Ethernet', mac: '52:54:00:aa:bb:cc', addresses: ['10.0.0.5/24'] },
      { interface: 'tun0', mac: null, addresses: [] },
    ]);
  });
});

describe('a hostile guest', () => {
  it.each([
    ['no JSON', { stdout: 'hello\n' }],
    ['half of it', { stdout: '{"return": {' }],
    ['nothing', { stdout: '' }],
    ['a list', { stdout: '[]' }],
    ['wrong types', { return: { version: 7, supported_commands: 'all' } }],
    ['too much', { return: { version: 'x'.repeat(1_000_000), supported_commands: [] } }],
  ])('answers with %s', async (_what, answer) => {
    const { channel } = open(() => answer);
    await expect(channel.exec(['true'], TIMEOUT)).rejects.toMatchObject({ reason: 'garbage' });
  });

  it.each(['!', 'a', 'aaa', 'aa=a', 'äaaa', 'aaaa\n'])('sends %j for base64', async (data) => {
    const { channel } = ending(WINDOWS, { exited: true, exitcode: 0, 'out-data': data });
    await expect(channel.exec(['x.exe'], TIMEOUT)).rejects.toMatchObject({ reason: 'garbage' });
  });

  it('never makes anything else of its answers than a result or a GuestError', async () => {
    const anything = fc.oneof(
      fc.jsonValue().map((value): Answer => ({ return: value })),
      fc.string().map((stdout): Answer => ({ stdout })),
      fc.string().map((stderr): Answer => ({ stderr })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { minLength: 1, maxLength: 6 }), async (answers) => {
        let turn = 0;
        const { channel } = open(() => answers[turn++ % answers.length] ?? { stdout: '' });
        const works = [channel.system(1000), channel.addresses(1000), channel.exec(['true'], { timeoutMs: 1 })];
        const outcomes = await Promise.allSettled(works);
        expect(outcomes.filter((outcome) => outcome.status === 'rejected' && !(outcome.reason instanceof GuestError))).toEqual([]);
      }),
    );
  });
});
