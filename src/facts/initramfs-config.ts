import type { HostSource } from '../host/source.ts';
import { type ConfigurationText, readConfigurations, readDropIns, type Unread } from './drop-in-files.ts';
import { defineFact } from './fact.ts';
import { moduleName } from './modprobe-config.ts';
import type { InitramfsTool } from './platform.ts';
import { parseShellAssignments, type ShellWord } from './shell-assignments.ts';

/** A module that a file names. */
export interface NamedModule {
  /** With underscores. */
  readonly module: string;
  readonly file: string;
  readonly line: number;
  /** What stands behind it: initramfs-tools loads the module with these parameters. Empty elsewhere. */
  readonly parameters: string;
}

/** What the tools that build the initramfs are told, and what is loaded after the root file system is there. */
export interface InitramfsConfig {
  /** Null: there is no configuration of this tool. */
  readonly mkinitcpio: { readonly modules: readonly NamedModule[]; readonly hooks: readonly string[] } | null;
  readonly dracut: {
    /** In the image, and loaded before udev starts. */
    readonly forceDrivers: readonly NamedModule[];
    /** In the image, loaded when a device asks for them. */
    readonly addDrivers: readonly NamedModule[];
    readonly omitDrivers: readonly NamedModule[];
    /** Null: the distribution's default. A generic image (`no`) holds nothing of /etc/modprobe.d. */
    readonly isHostOnly: boolean | null;
  } | null;
  readonly initramfsTools: { readonly modules: readonly NamedModule[] } | null;
  /** /etc/modules and modules-load.d: at the same time as udev loads the drivers, so not before them. */
  readonly loadedAtBoot: readonly NamedModule[];
  readonly unread: readonly Unread[];
}

/** The configuration of mkinitcpio, dracut and initramfs-tools, as far as it names modules. Read, never run. */
export const initramfsConfig = defineFact({
  id: 'initramfsConfig',
  collect(host): InitramfsConfig {
    const unread: Unread[] = [];
    return {
      mkinitcpio: readMkinitcpio(host, unread),
      dracut: readDracut(host, unread),
      initramfsTools: readInitramfsTools(host, unread),
      loadedAtBoot: readLoadedAtBoot(host, unread),
      unread,
    };
  },
});

function files(host: HostSource, main: readonly string[], folders: readonly string[], unread: Unread[]): ConfigurationText[] {
  const first = readConfigurations(host, main);
  const dropIns = readDropIns(host, folders);
  unread.push(...first.unread, ...dropIns.unread);
  return [...first.files, ...dropIns.files];
}

/** https://man.archlinux.org/man/mkinitcpio.conf.5 */
function readMkinitcpio(host: HostSource, unread: Unread[]): InitramfsConfig['mkinitcpio'] {
  const texts = files(host, ['/etc/mkinitcpio.conf'], ['/etc/mkinitcpio.conf.d'], unread);
  if (texts.length === 0) return null;
  return {
    modules: arrayOf(texts, 'MODULES').map(({ text, ...where }) => ({
      module: moduleName(text.replace(/\?$/, '')),
      parameters: '',
      ...where,
    })),
    hooks: arrayOf(texts, 'HOOKS').map(({ text }) => text),
  };
}

type Located = ShellWord & { readonly file: string };

/** The elements of an array after every file was applied; `MODULES="a b"` is the old form. */
function arrayOf(texts: readonly ConfigurationText[], name: string): Located[] {
  let elements: Located[] = [];
  for (const { path, text } of texts) {
    for (const assignment of parseShellAssignments(text).filter((one) => one.name === name)) {
      const before = elements;
      const words = assignment.words.flatMap((word) => splitWord(word, path));
      const own = words.flatMap((word) => (SELF.test(word.text) ? before : [word]));
      elements = assignment.appends ? [...before, ...own] : own;
    }
  }
  return elements;
}

/** `${MODULES[@]}` within MODULES: what was there before. */
const SELF = /^\$\{?(?:MODULES|HOOKS)(?:\[[@*]\])?\}?$/;

function splitWord({ text, line }: ShellWord, file: string): Located[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => ({ text: word, line, file }));
}

/** https://man7.org/linux/man-pages/man5/dracut.conf.5.html */
function readDracut(host: HostSource, unread: Unread[]): InitramfsConfig['dracut'] {
  const folders = ['/run/initramfs/dracut.conf.d', '/etc/dracut.conf.d', '/usr/lib/dracut/dracut.conf.d'];
  const texts = files(host, ['/etc/dracut.conf'], folders, unread);
  if (texts.length === 0) return null;
  const hostOnly = stringOf(texts, 'hostonly').map(({ text }) => text.trim());
  const last = hostOnly.at(-1);
  return {
    forceDrivers: wordsOf(texts, 'force_drivers'),
    addDrivers: wordsOf(texts, 'add_drivers'),
    omitDrivers: wordsOf(texts, 'omit_drivers'),
    isHostOnly: last === undefined || last === '' ? null : last !== 'no',
  };
}

/** The pieces that make up the string in the end. */
function stringOf(texts: readonly ConfigurationText[], name: string): Located[] {
  let pieces: Located[] = [];
  for (const { path, text } of texts) {
    for (const { appends, words } of parseShellAssignments(text).filter((one) => one.name === name)) {
      const own = words.map((word) => ({ ...word, file: path }));
      pieces = appends ? [...pieces, ...own] : own;
    }
  }
  return pieces;
}

/**
 * dracut appends strings, not lists: `+="vfio_pci"` after `+="xfs"` makes the one word `xfsvfio_pci`. The pieces are joined
 * the same way, and a word stands where it begins.
 */
function wordsOf(texts: readonly ConfigurationText[], name: string): NamedModule[] {
  const words: { module: string; file: string; line: number; parameters: string }[] = [];
  let isOpen = false;
  for (const { text, file, line } of stringOf(texts, name)) {
    for (const [index, part] of text.split(/\s+/).entries()) {
      const open = words.at(-1);
      if (index === 0 && isOpen && open !== undefined) open.module += moduleName(part);
      else if (part !== '') words.push({ module: moduleName(part), file, line, parameters: '' });
    }
    isOpen = text === '' ? isOpen : !/\s$/.test(text);
  }
  return words;
}

/** /etc/initramfs-tools/modules: one module a line, with its parameters. https://manpages.debian.org/initramfs-tools */
function readInitramfsTools(host: HostSource, unread: Unread[]): InitramfsConfig['initramfsTools'] {
  const folder = '/usr/share/initramfs-tools/modules.d';
  const names = host.list(folder);
  if (names.state === 'unreadable') unread.push({ source: folder, reason: names.detail });
  const extra = names.state === 'ok' ? names.value.map((name) => `${folder}/${name}`) : [];
  const read = readConfigurations(host, ['/etc/initramfs-tools/modules', ...extra]);
  unread.push(...read.unread);
  if (read.files.length === 0 && host.stat('/etc/initramfs-tools').state !== 'ok') return null;
  return { modules: read.files.flatMap(({ path, text }) => parseModuleList(text, path)) };
}

function readLoadedAtBoot(host: HostSource, unread: Unread[]): NamedModule[] {
  const folders = [
    '/etc/modules-load.d',
    '/run/modules-load.d',
    '/usr/local/lib/modules-load.d',
    '/usr/lib/modules-load.d',
    '/lib/modules-load.d',
  ];
  return files(host, ['/etc/modules'], folders, unread).flatMap(({ path, text }) => parseModuleList(text, path));
}

/** Lines with a module each, and its parameters; `#` and `;` begin comments. */
export function parseModuleList(text: string, file: string): NamedModule[] {
  return text.split('\n').flatMap((line, index) => {
    const [, word, parameters = ''] = /^\s{0,64}([\w-]{1,64})([^\n]*)$/.exec(line) ?? [];
    return word === undefined ? [] : [{ module: moduleName(word), file, line: index + 1, parameters: parameters.trim() }];
  });
}

/** The modules that are loaded from the initramfs before udev starts, in that order; null: not known which tool is in charge. */
export function earlyModules(config: InitramfsConfig, tool: InitramfsTool | null): readonly NamedModule[] | null {
  if (tool === 'mkinitcpio') return config.mkinitcpio?.modules ?? [];
  if (tool === 'dracut') return config.dracut?.forceDrivers ?? [];
  if (tool === 'initramfs-tools') return config.initramfsTools?.modules ?? [];
  return null;
}
