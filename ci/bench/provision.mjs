// Provisioning against plain virsh, on a real libvirtd in namespaces of its own (ci/libvirt/inside.sh). Needs root and libvirt.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Medians in milliseconds, or null where no libvirtd can be run. */
export async function measureProvisioning(runs) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/sbin/libvirtd')) return null;
  const place = mkdtempSync(join(tmpdir(), 'passcheck-bench-libvirtd-'));
  const folder = join(place, 'work');
  mkdirSync(folder);
  mkdirSync(join(place, 'private'));
  const namespaces = ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const inside = spawn('unshare', [...namespaces, 'bash', join(root, 'ci/libvirt/inside.sh'), join(place, 'private')], {
    env: { ...process.env, HOME: folder, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    await new Promise((ready, failed) => {
      inside.stdout.on('data', (text) => /^ready$/m.test(String(text)) && ready());
      inside.on('exit', () => failed(new Error('libvirtd did not start in namespaces of its own')));
    });
    const of = ['mnt', 'net', 'pid_for_children'].map((name) => `/proc/${inside.pid}/ns/${name}`);
    const script = join(root, 'ci/bench/provision-inside.mjs');
    const enter = [`--mount=${of[0]}`, `--net=${of[1]}`, `--pid=${of[2]}`, process.execPath, script, folder, String(runs)];
    const { status } = spawnSync('nsenter', enter, { env: { ...process.env, HOME: folder }, stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) throw new Error(`the measurement inside ended with ${status}`);
    return JSON.parse(readFileSync(join(folder, 'times.json'), 'utf8'));
  } finally {
    inside.removeAllListeners('exit');
    inside.stdin.end();
    await new Promise((ended) => (inside.exitCode === null ? inside.on('exit', ended) : ended()));
    rmSync(place, { recursive: true, force: true });
  }
}
