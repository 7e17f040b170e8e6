// A real libvirtd for tests, in mount, network and process namespaces of its own: nothing of this machine's libvirt is seen or changed.
//
//   const host = await startLibvirtd();            // 1 s; one for a file or for a test, they do not meet
//   host.write('lab.yaml', text);                  // host.folder is the same path here and inside, and the working folder
//   await host.virsh('list', '--all');             // its output; throws when virsh complains
//   await host.passcheck(['apply', 'lab.yaml']);   // the source as it is now: { exitCode, stdout, stderr, writes }
//   await host.passcheck(argv, { kill: { when: 'after', call: 3 } });   // SIGKILL right after its third mutating call
//   await host.sh('truncate -s 1G /var/lib/libvirt/images/a.img');      // any line for bash, as root
//   await host.restart();                          // libvirtd is killed and started; VMs live on
//   await host.dispose();                          // everything is gone, VMs too
//
// `writes` are the calls of virsh and qemu-img that change something, in order, as passcheck typed them (without `-q -c URI`). There is no
// /dev/kvm to rely on: `<domain type='qemu'>` starts. Sizes of images do not matter, they are sparse; /var/lib and /etc are in memory.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** The entry of the bundled command line. */
    passcheckCli: string;
  }
}

/** How a line ended inside. */
export interface Result {
  /** 137 and the like when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What it changed with virsh and qemu-img: `virsh define /…`. Also calls that failed. */
  readonly writes: readonly string[];
  /** What it only looked at, in the same way. */
  readonly reads: readonly string[];
}

/** Options of {@link Libvirtd.sh}. */
interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Kills the caller of virsh or qemu-img before or after its n-th mutating call (from 1 on), or the n-th `of` that name. */
  readonly kill?: { readonly when: 'before' | 'after'; readonly call: number; readonly of?: string };
  /** Milliseconds; 120,000 unless told. */
  readonly timeoutMs?: number;
}

export interface Libvirtd {
  /** An empty folder, the same here and inside; lines run in it. */
  readonly folder: string;
  sh(line: string, options?: RunOptions): Promise<Result>;
  passcheck(argv: readonly string[], options?: RunOptions): Promise<Result>;
  virsh(...argv: readonly string[]): Promise<string>;
  /** Writes a file into the folder, and gives its path. */
  write(name: string, text: string | Uint8Array): string;
  /** libvirtd crashes and comes back, or stays away for `whileDown`. */
  restart(whileDown?: () => Promise<void>): Promise<void>;
  dispose(): Promise<void>;
}

const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const TOOLS = [
  'libvirtd',
  'virtlogd',
  'virsh',
  'qemu-system-x86_64',
  'qemu-img',
  'qemu-io',
  'swtpm',
  'dnsmasq',
  'ip',
  'unshare',
  'nsenter',
];
const START_MS = 60_000;

/** What keeps libvirtd from running here; null when nothing does. */
export function missingTools(): string | null {
  const missing = TOOLS.filter((tool) => !FOLDERS.some((folder) => existsSync(join(folder, tool))));
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  return process.getuid?.() === 0 ? null : 'needs root (libvirtd in namespaces of its own)';
}

/** Starts one, new and empty: no VM, network, pool or state of passcheck. */
export async function startLibvirtd(): Promise<Libvirtd> {
  const place = mkdtempSync(join(tmpdir(), 'passcheck-libvirtd-'));
  const folder = join(place, 'work');
  for (const name of ['work', 'home', 'bin', 'private', 'calls']) mkdirSync(join(place, name));
  for (const name of ['virsh', 'qemu-img']) copyFileSync(join(import.meta.dirname, 'watched.sh'), join(place, 'bin', name));
  writeFileSync(join(place, 'bin/passcheck'), `#!/bin/sh\nexec '${process.execPath}' '${inject('passcheckCli')}' "$@"\n`, { mode: 0o755 });
  const inside = await startInside(place);
  const sh = runner(place, inside);
  const passcheck: Libvirtd['passcheck'] = (argv, options) => sh(`exec passcheck ${argv.map(quoted).join(' ')}`, options);
  return {
    folder,
    sh,
    passcheck,
    async virsh(...argv) {
      return demanded(await sh(`virsh -q -c qemu:///system ${argv.map(quoted).join(' ')}`));
    },
    write(name, text) {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    },
    async restart(whileDown) {
      demanded(await sh('kill -KILL $(cat /run/libvirtd.pid); until ! kill -0 $(cat /run/libvirtd.pid) 2> /dev/null; do sleep 0.02; done'));
      await whileDown?.();
      demanded(await sh('libvirtd -d; until virsh -q -c qemu:///system uri > /dev/null 2>&1; do sleep 0.05; done'));
    },
    async dispose() {
      if (inside.exitCode === null && inside.signalCode === null) {
        // Process 1 ends then, and the kernel lets it go when it has killed all others.
        inside.stdin.end();
        await once(inside, 'exit');
      }
      rmSync(place, { recursive: true, force: true });
    },
  };
}

/** The standard output of a line that has to succeed. */
export function demanded({ exitCode, stdout, stderr }: Result): string {
  if (exitCode !== 0) throw new Error(`ended with ${exitCode}: ${stderr || stdout}`);
  return stdout;
}

/** Ends with this process, however that ends: its standard input does. */
async function startInside(place: string): Promise<ChildProcessWithoutNullStreams> {
  const script = join(import.meta.dirname, 'inside.sh');
  const namespaces = ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const environment = { PATH: FOLDERS.join(':'), HOME: join(place, 'home'), LC_ALL: 'C' };
  const inside = spawn('unshare', [...namespaces, 'bash', script, join(place, 'private')], { env: environment });
  let output = '';
  const isReady = await new Promise<boolean>((done) => {
    const timer = setTimeout(() => done(false), START_MS);
    const end = (ready: boolean): void => {
      clearTimeout(timer);
      done(ready);
    };
    const seen = (text: Buffer): void => {
      output += text.toString();
      if (/^ready$/m.test(output)) end(true);
    };
    inside.stdout.on('data', seen);
    inside.stderr.on('data', seen);
    inside.on('error', (error) => {
      output += String(error);
      end(false);
    });
    inside.on('exit', () => end(false));
  });
  if (isReady) return inside;
  inside.kill('SIGKILL');
  rmSync(place, { recursive: true, force: true });
  throw new Error(`libvirtd did not start in namespaces of its own: ${output.slice(-2000)}`);
}

function runner(place: string, { pid }: ChildProcessWithoutNullStreams): Libvirtd['sh'] {
  const namespaces = [`--mount=/proc/${pid}/ns/mnt`, `--net=/proc/${pid}/ns/net`, `--pid=/proc/${pid}/ns/pid_for_children`];
  const base = { PATH: [join(place, 'bin'), ...FOLDERS].join(':'), HOME: join(place, 'home'), LANG: 'C.UTF-8' };
  let count = 0;
  return async (line, { env = {}, kill, timeoutMs = 120_000 } = {}) => {
    count += 1;
    const calls = join(place, 'calls', String(count));
    writeFileSync(calls, '');
    const limits = ['timeout', '--signal=KILL', String(timeoutMs / 1000)];
    const bash = ['bash', '-c', 'cd "$0" && eval "$1"', join(place, 'work'), line];
    const child = spawn('nsenter', [...namespaces, ...limits, ...bash], {
      env: { ...base, CALLS: calls, KILL: kill === undefined ? '' : `${kill.when} ${kill.call} ${kill.of ?? ''}`, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
    const exitCode = await new Promise<number>((done, failed) => {
      child.on('error', failed);
      const ended = (code: number | null, signal: NodeJS.Signals | null): void => done(code ?? (signal === 'SIGKILL' ? 137 : 143));
      child.on('close', ended);
      // What the line left running holds the pipes open: that is not waited for.
      child.on('exit', (code, signal) => setTimeout(() => ended(code, signal), 300));
    });
    return { exitCode, ...texts, ...callsIn(readFileSync(calls, 'utf8')) };
  };
}

function callsIn(text: string): Pick<Result, 'writes' | 'reads'> {
  const lines = text.split('\n');
  const ofKind = (kind: string): string[] => lines.flatMap((line) => (line.startsWith(`${kind} `) ? [line.slice(kind.length + 1)] : []));
  return { writes: ofKind('write'), reads: ofKind('read') };
}

/** One word for bash. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
