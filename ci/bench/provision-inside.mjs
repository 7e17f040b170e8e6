// Run by provision.mjs beside a libvirtd of its own: times in milliseconds go to FOLDER/times.json.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [folder, count] = [process.argv[2] ?? '.', Number(process.argv[3] ?? 7)];
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const LAB = 'lab.yaml';
const MACHINES = ['DC01', 'SCCM01', 'CLIENT01', 'CLIENT02'];
const SIZES = { dc01: 60, sccm01: 100, client01: 60, client02: 60 };
const IMAGES = '/var/lib/libvirt/images/homelab';

/** Runs a line of bash; throws unless it ends with one of `codes`. */
function run(line, codes = [0]) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line], { cwd: folder, encoding: 'utf8' });
  if (!codes.includes(status)) throw new Error(`${line}: ${status}: ${stderr}${stdout}`);
  return stdout;
}

function milliseconds(line, codes) {
  const begin = performance.now();
  run(line, codes);
  return performance.now() - begin;
}

/** The smallest file that says that it is an ISO image. */
function image() {
  const bytes = Buffer.alloc(40 * 2048);
  bytes.write('\u{1}CD001\u{1}', 16 * 2048, 'latin1');
  bytes.writeUInt32LE(40, 16 * 2048 + 80);
  bytes.writeUInt32BE(40, 16 * 2048 + 84);
  bytes.write('\u{FF}CD001\u{1}', 17 * 2048, 'latin1');
  return bytes;
}

/** The commands of the user's own script: networks, pool, images and definitions, one program each. */
const SCRIPT = `set -e
virsh() { command virsh -q -c qemu:///system "$@"; }
for net in lab-net default; do virsh net-define $net.xml; virsh net-start $net; virsh net-autostart $net; done
mkdir -p ${IMAGES}
virsh pool-define-as homelab dir --target ${IMAGES}; virsh pool-autostart homelab; virsh pool-start homelab
${Object.entries(SIZES)
  .map(([name, size]) => `qemu-img create -q -f qcow2 ${IMAGES}/${name}.qcow2 ${size}G`)
  .join('\n')}
for vm in ${MACHINES.join(' ')}; do virsh define $vm.xml; done
`;

const CLEAN = `virsh() { command virsh -q -c qemu:///system "$@"; }
for vm in ${MACHINES.join(' ')}; do virsh undefine $vm --keep-nvram --keep-tpm; done
for net in lab-net default; do virsh net-destroy $net; virsh net-undefine $net; done
virsh pool-destroy homelab; virsh pool-undefine homelab; rm -rf ${IMAGES}
rm -rf /var/lib/passcheck/system`;

mkdirSync('/var/lib/libvirt/iso', { recursive: true });
for (const name of ['windows-server-2022', 'windows-11', 'virtio-win']) writeFileSync(`/var/lib/libvirt/iso/${name}.iso`, image());
run(`node ${cli} init homelab > ${LAB} && node ${cli} apply ${LAB}`);
for (const name of MACHINES) run(`virsh -c qemu:///system dumpxml --inactive ${name} > ${name}.xml`);
for (const name of ['lab-net', 'default']) run(`virsh -c qemu:///system net-dumpxml --inactive ${name} > ${name}.xml`);
writeFileSync(join(folder, 'script.sh'), SCRIPT);
// The very process that `plan` runs, to be run alone.
mkdirSync(join(folder, 'bin'));
writeFileSync(
  join(folder, 'bin/virsh'),
  `#!/bin/bash\nprintf '%q ' "$@" >> ${folder}/calls; echo >> ${folder}/calls\nexec /usr/bin/virsh "$@"\n`,
  { mode: 0o755 },
);
run(`PATH=${folder}/bin:$PATH node ${cli} plan ${LAB}`);
const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

const times = { node: [], virsh: [], plan: [], script: [], apply: [] };
for (let round = 0; round < count; round += 1) {
  times.node.push(milliseconds('exec node -e 0'));
  times.virsh.push(milliseconds(`exec virsh ${calls[0]}`));
  times.plan.push(milliseconds(`exec node ${cli} plan ${LAB}`));
}
for (let round = 0; round < count; round += 1) {
  run(CLEAN);
  times.script.push(milliseconds('exec bash script.sh'));
  run(CLEAN);
  times.apply.push(milliseconds(`exec node ${cli} apply ${LAB}`));
}
writeFileSync(join(folder, 'times.json'), JSON.stringify({ processes: calls.length, times }));
