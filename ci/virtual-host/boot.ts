import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { type Hardware, qemuArguments } from './hardware.ts';
import { makeInitramfs } from './initramfs.ts';
import { type Kernel, prepareKernel } from './kernel.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const TIME_LIMIT_MS = 200_000;

/** What a test wants besides hardware and command. */
interface BootOptions {
  /** Milliseconds until the machine is given up. */
  readonly limitMs?: number;
  /** Puts files into the folder that is /run/virtual-host/out inside, before it boots. */
  readonly prepare?: (out: string, kernel: Kernel) => void;
}

/** What a command in the virtual host left behind. */
export interface Booted {
  readonly exitCode: number;
  /** Standard output and error of the command. */
  readonly log: string;
  /** The folder that was /run/virtual-host/out inside. */
  readonly out: string;
  /** Removes everything. */
  dispose(): void;
}

/** Boots the hardware, runs bash lines in it as root (with the functions of inside.sh), powers off. */
export async function boot(hardware: Hardware, command: string, { limitMs = TIME_LIMIT_MS, prepare }: BootOptions = {}): Promise<Booted> {
  const kernel = prepareKernel();
  const work = mkdtempSync(join(tmpdir(), 'virtual-host-'));
  const out = join(work, 'out');
  mkdirSync(out);
  prepare?.(out, kernel);
  const initramfs = makeInitramfs(kernel, work, command);
  const console_ = join(work, 'console');
  const problem = await runQemu(limitMs, [
    ...qemuArguments(hardware),
    ...share('/', 'host', ',readonly=on'),
    ...share(PROJECT, 'project', ',readonly=on'),
    ...share(out, 'out', ''),
    ...imageDisk(work),
    '-serial',
    `file:${console_}`,
    '-kernel',
    kernel.image,
    '-initrd',
    initramfs,
    '-append',
    // A busy machine emulates the timer so late that the kernel would take its interrupt for lost and panic.
    `console=ttyS0 quiet panic=-1 no_timer_check ${hardware.commandLine ?? ''}`.trim(),
  ]);
  const status = readOr(join(out, 'status'), '');
  if (status === '') {
    const report = `${problem ?? 'no exit status'}\n${readOr(console_, '').slice(-4000)}\n${readOr(join(out, 'log'), '').slice(-4000)}`;
    rmSync(work, { recursive: true, force: true });
    throw new Error(`the virtual host did not finish: ${report}`);
  }
  return {
    exitCode: Number(status),
    log: readOr(join(out, 'log'), ''),
    out,
    dispose: () => rmSync(work, { recursive: true, force: true }),
  };
}

/** A sparse disk of 200 GiB with ext4: /var/lib/libvirt/images inside. */
function imageDisk(work: string): string[] {
  const file = join(work, 'images');
  execFileSync('truncate', ['-s', '200G', file]);
  execFileSync('mkfs.ext4', ['-q', file]);
  return ['-drive', `file=${file},format=raw,if=none,id=images`, '-device', 'virtio-blk-pci,drive=images,bus=pcie.0'];
}

/** A folder of this machine that the virtual host mounts over 9p by its tag. */
function share(path: string, tag: string, more: string): string[] {
  const files = `local,id=${tag},path=${path},security_model=none,multidevs=remap${more}`;
  return ['-fsdev', files, '-device', `virtio-9p-pci,fsdev=${tag},mount_tag=${tag},bus=pcie.0`];
}

/** Null when QEMU ended by itself, else what went wrong. */
function runQemu(limitMs: number, args: readonly string[]): Promise<string | null> {
  return new Promise((done) => {
    const qemu = spawn('qemu-system-x86_64', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const timer = setTimeout(() => qemu.kill('SIGKILL'), limitMs);
    let stderr = '';
    qemu.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    qemu.on('error', (error) => done(String(error)));
    qemu.on('close', (code, signal) => {
      clearTimeout(timer);
      done(code === 0 ? null : `QEMU: ${signal ?? code}: ${stderr.replace(/^.*warning:.*\n/gm, '').slice(-2000)}`);
    });
  });
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}
