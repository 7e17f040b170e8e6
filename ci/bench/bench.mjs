// Ratios of one run: whole processes, measured in turn, medians. `npm run bench [-- RUNS]`; at least 15 runs.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { measureProvisioning } from './provision.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const runs = Math.max(15, Number.parseInt(process.argv[2] ?? '15', 10));
const cli = `${root}dist/cli.js`;
const snapshot = `${root}fixtures/hosts/amd-ready`;
const validator = ['/usr/bin/virt-host-validate', '/usr/local/bin/virt-host-validate'].find((path) => existsSync(path));

const work = mkdtempSync(join(tmpdir(), 'passcheck-bench-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const folders =
  process.env.PASSCHECK_CORPUS === undefined ? [] : ['domain', 'libvirt-domains'].map((name) => join(process.env.PASSCHECK_CORPUS, name));
/** Definitions of other people where they are; else the project's own, often enough to measure. */
const definitions = folders.flatMap((folder) => xmlIn(folder));
const own = xmlIn(`${root}fixtures/domains`);
const many = definitions.length > 0 ? definitions : copies(own, 15);
/** Two charts each. */
const CHARTED = ['latency/delivery', 'latency/pointer', 'bench/7zip'];
const schemaValidator = ['/usr/bin/virt-xml-validate', '/usr/local/bin/virt-xml-validate'].find((path) => existsSync(path));

/** The same file is judged once, so each is copied. */
function copies(files, times) {
  return Array.from({ length: times }, (_, number) =>
    files.map((file) => {
      const copy = join(work, `${number}-${basename(file)}`);
      copyFileSync(file, copy);
      return copy;
    }),
  ).flat();
}

/** A stored report of a host with measurements that make six charts. */
function storedReport() {
  const { stdout } = spawnSync('node', [cli, 'preflight', '--from', snapshot, '--format', 'json'], { encoding: 'utf8' });
  const measurements = ['latency', 'bench'].flatMap((name) =>
    JSON.parse(readFileSync(`${root}fixtures/measurements/${name}.json`, 'utf8')),
  );
  const file = join(work, 'report.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(stdout), measurements: measurements.filter(({ id }) => CHARTED.includes(id)) }));
  return file;
}

function xmlIn(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.xml'))
    .map((name) => join(folder, name));
}

/** name → argv; every contender runs once in each round, so that a slow moment of the machine hits all of them. */
const contenders = {
  'empty Node process': ['node', '-e', '0'],
  'preflight --from a snapshot': ['node', cli, 'preflight', '--from', snapshot, '--format', 'json'],
  'preflight, files only': ['node', cli, 'preflight', '--only', 'cpu,iommu,gpu,vfio,memory,kernel', '--format', 'json'],
  'preflight on this machine': ['node', cli, 'preflight', '--format', 'json'],
  'lint one file': ['node', cli, 'lint', '--no-schema', own[0], '--format', 'json'],
  'report --format html, six charts': ['node', cli, 'report', storedReport(), '--format', 'html'],
  demo: ['node', cli, 'demo', '--out', join(work, 'demo')],
  [`lint ${many.length} files`]: ['node', cli, 'lint', '--no-schema', ...many, '--format', 'json'],
  ...(schemaValidator === undefined ? {} : { 'virt-xml-validate one file': [schemaValidator, own[0], 'domain'] }),
  ...(validator === undefined ? {} : { 'virt-host-validate qemu': [validator, 'qemu'] }),
};

function milliseconds([command, ...args]) {
  const begin = performance.now();
  const { error, status } = spawnSync(command, args, { stdio: 'ignore' });
  if (error !== undefined || status === 2 || status === 4) throw new Error(`${command} ${args.join(' ')}: ${error ?? `exit ${status}`}`);
  return performance.now() - begin;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
for (const argv of Object.values(contenders)) milliseconds(argv);
for (let round = 0; round < runs; round += 1) {
  for (const [name, argv] of Object.entries(contenders)) times[name].push(milliseconds(argv));
}
const floor = median(times['empty Node process']);
const validate = times['virt-host-validate qemu'];
console.log(`median of ${runs} runs${' '.repeat(18)}ms   × empty Node${validate ? '   × virt-host-validate' : ''}`);
for (const [name, values] of Object.entries(times)) {
  const middle = median(values);
  const against = validate ? `   ${(middle / median(validate)).toFixed(2).padStart(9)}` : '';
  console.log(`${name.padEnd(30)} ${middle.toFixed(1).padStart(7)}   ${(middle / floor).toFixed(2).padStart(9)}${against}`);
}
console.log('goals: 1.5 × an empty Node process when no command has to be run, 2.5 × live with a warm initramfs cache');
const one = median(times['lint one file']);
const perFile = (median(times[`lint ${many.length} files`]) - one) / (many.length - 1);
const schema = times['virt-xml-validate one file'];
const against = schema === undefined ? '' : `, ${(perFile / median(schema)).toFixed(2)} × virt-xml-validate, which only checks the schema`;
console.log(`lint: ${perFile.toFixed(2)} ms a file beyond start-up${against}`);
console.log('goals: 1.6 × an empty Node process for a single file, 2 ms a file beyond start-up');
console.log('goals: 6 × an empty Node process for report --format html, 5000 ms for demo');

const provisioning = await measureProvisioning(Math.min(runs, 15));
if (provisioning === null) console.log('plan and apply: not measured (needs root and libvirt)');
else {
  const { processes, times: taken } = provisioning;
  const [node, virsh, plan, script, apply] = ['node', 'virsh', 'plan', 'script', 'apply'].map((name) => median(taken[name]));
  const figures = `${plan.toFixed(0)} ms, empty Node ${node.toFixed(0)} ms, its ${processes} virsh process ${virsh.toFixed(0)} ms`;
  console.log(`plan of the homelab: ${figures}: Node + ${((plan - node) / virsh).toFixed(2)} × virsh`);
  console.log(`apply of the homelab: ${apply.toFixed(0)} ms, ${(apply / script).toFixed(2)} × the shell script (${script.toFixed(0)} ms)`);
  console.log('goals: Node + 3 × virsh for plan, 1 × the shell script for apply');
}
