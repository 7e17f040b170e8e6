import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fileRemover } from './remove-files.ts';

const UUID = '6f1f6b6e-8d5c-5b1a-9a53-0c9f6a1a9d01';

let base: string;

beforeEach(() => {
  base = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'passcheck-files-')));
});

afterEach(() => fs.rmSync(base, { recursive: true }));

function made(path: string): string {
  const file = join(base, path);
  fs.mkdirSync(dirname(file), { recursive: true });
  fs.writeFileSync(file, 'data');
  return file;
}

const defining = (path: string): string => `<domain><name>dc01</name><os><nvram template='/t.fd'>${path}</nvram></os></domain>`;

describe('the NVRAM of a VM', () => {
  it('is deleted in the folder of libvirt', () => {
    const file = made('libvirt/qemu/nvram/DC01.nvram');
    expect(fileRemover.nvram(file, [])).toBeNull();
    expect(fs.existsSync(file)).toBe(false);
  });

  it('is deleted elsewhere only where a definition of the VM names it', () => {
    const file = made('elsewhere/DC01.nvram');
    expect(fileRemover.nvram(file, [defining('/other'), 'no <xml'])).toMatch(/no definition of the VM names it/);
    expect(fs.existsSync(file)).toBe(true);
    expect(fileRemover.nvram(file, [defining('/other'), defining(file)])).toBeNull();
    expect(fs.existsSync(file)).toBe(false);
  });

  it('that is gone already is fine', () => {
    expect(fileRemover.nvram(join(base, 'libvirt/qemu/nvram/none.fd'), [])).toBeNull();
  });

  it('is left alone when it is a link, a folder, or behind a link', () => {
    const precious = made('precious/data');
    const folder = join(base, 'libvirt/qemu/nvram');
    fs.mkdirSync(folder, { recursive: true });
    fs.symlinkSync(precious, join(folder, 'link.fd'));
    fs.mkdirSync(join(folder, 'folder.fd'));
    expect(fileRemover.nvram(join(folder, 'link.fd'), [])).toMatch(/is no file/);
    expect(fileRemover.nvram(join(folder, 'folder.fd'), [])).toMatch(/is no file/);
    fs.mkdirSync(join(base, 'two/libvirt/qemu'), { recursive: true });
    fs.symlinkSync(join(base, 'precious'), join(base, 'two/libvirt/qemu/nvram'));
    expect(fileRemover.nvram(join(base, 'two/libvirt/qemu/nvram/data'), [])).toMatch(/behind a link/);
    expect(fs.readFileSync(precious, 'utf8')).toBe('data');
  });

  it.each(['relative.fd', '/libvirt/qemu/nvram/../../../etc/passwd', '/libvirt/qemu/nvram/', '/libvirt/qemu/nvram//a', '/a\nb'])(
    'at %o is no path that is deleted',
    (path) => {
      expect(fileRemover.nvram(path, [defining(path)])).toMatch(/is no path that passcheck deletes/);
    },
  );
});

describe('the TPM of a VM', () => {
  it.each(['libvirt/swtpm', 'libvirt/qemu/swtpm'])('is deleted in %s, with everything in it', (folder) => {
    const file = made(`${folder}/${UUID}/tpm2/tpm2-00.permall`);
    const path = dirname(dirname(file));
    expect(fileRemover.tpm(path, UUID)).toBeNull();
    expect(fs.existsSync(path)).toBe(false);
    expect(fs.existsSync(dirname(path))).toBe(true);
  });

  it('links in it are not followed', () => {
    const precious = made('precious/data');
    const path = dirname(made(`libvirt/swtpm/${UUID}/file`));
    fs.symlinkSync(dirname(precious), join(path, 'link'));
    expect(fileRemover.tpm(path, UUID)).toBeNull();
    expect(fs.readFileSync(precious, 'utf8')).toBe('data');
  });

  it('of another VM, in another folder, or not a folder, is left alone', () => {
    const other = dirname(made('libvirt/swtpm/other/file'));
    const elsewhere = dirname(made(`home/${UUID}/file`));
    const file = made(`libvirt/swtpm/${UUID}`);
    for (const path of [other, elsewhere, file]) {
      expect(fileRemover.tpm(path, UUID)).toMatch(/by hand$/);
      expect(fs.existsSync(path)).toBe(true);
    }
  });
});
