// Packs the package, installs it in a new folder, and runs what was installed: the command and the library.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'passcheck-package-'));
const run = (command, args, cwd) => execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

try {
  const [{ filename, size }] = JSON.parse(run('npm', ['pack', '--json', '--silent', '--pack-destination', folder], root));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }\n');
  run('npm', ['install', '--silent', '--no-audit', '--no-fund', join(folder, filename)], folder);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const printed = run('npx', ['passcheck', '--version'], folder).trim();
  if (printed !== version) throw new Error(`passcheck --version printed ${printed}, not ${version}`);
  const host = join(root, 'fixtures/hosts/amd-ready');
  const { verdict } = JSON.parse(run('npx', ['passcheck', 'preflight', '--from', host, '--format', 'json'], folder));
  if (verdict !== 'GO') throw new Error(`the recorded host amd-ready is ${verdict}`);
  run('npx', ['passcheck', 'demo'], folder);
  for (const name of ['index.html', 'report.json', 'report.pictures', 'vm_config.xml', 'host.tar.gz']) {
    if (!existsSync(join(folder, 'reports/demo', name))) throw new Error(`passcheck demo wrote no ${name}`);
  }
  const measurements = JSON.parse(readFileSync(join(root, 'fixtures/measurements/latency.json'), 'utf8'));
  const report = JSON.parse(readFileSync(join(root, 'fixtures/reports/amd-ready.0.json'), 'utf8'));
  writeFileSync(join(folder, 'stored.json'), JSON.stringify({ ...report, measurements }));
  run('npx', ['passcheck', 'report', 'stored.json', '--out', 'report.md'], folder);
  const pictures = readdirSync(join(folder, 'report.pictures'));
  if (pictures.length !== 6) throw new Error(`of six charts these were drawn: ${pictures}`);
  const names = run(
    'node',
    ['--input-type=module', '-e', "import('passcheck').then((library) => console.log(Object.keys(library).join(' ')))"],
    folder,
  );
  if (!names.includes('runChecks')) throw new Error(`the library exports ${names}`);
  console.log(`${filename}: ${Math.round(size / 1024)} KiB, installs and runs`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
