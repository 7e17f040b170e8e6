// What `passcheck demo` shows: a recorded host, the definition of its VM, and made-up measurements.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { pack } from 'tar-stream';

const root = fileURLToPath(new URL('..', import.meta.url));
const HOST = join(root, 'fixtures/hosts/workstation');
const MEASUREMENTS = ['latency.json', 'bench.json'];

/** Writes the data of the demo into a folder. */
export async function writeDemoData(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'host.tar.gz'), await packed(HOST));
  copyFileSync(join(root, 'fixtures/demo/win11.xml'), join(folder, 'win11.xml'));
  const lists = MEASUREMENTS.map((name) => JSON.parse(readFileSync(join(root, 'fixtures/measurements', name), 'utf8')));
  writeFileSync(join(folder, 'measurements.json'), JSON.stringify(lists.flat()));
}

/** Without times and owners: the same files give the same bytes. */
async function packed(folder) {
  const stream = pack();
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  for (const name of names.toSorted()) stream.entry({ name, mode: 0o644, mtime: new Date(0) }, readFileSync(join(folder, name)));
  stream.finalize();
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks), { level: 9 });
}
