import { readDropIns, type Unread } from './drop-in-files.ts';
import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';

/** Where a command of modprobe.d stands. */
interface ModprobeOrigin {
  readonly file: string;
  /** Counted from 1; of a continued line, its first. */
  readonly line: number;
}

interface ModprobeOptions extends ModprobeOrigin {
  readonly module: string;
  /** As written after the module's name. */
  readonly parameters: string;
}

export interface ModprobeSoftdep extends ModprobeOrigin {
  readonly module: string;
  readonly pre: readonly string[];
  readonly post: readonly string[];
}

interface ModprobeInstall extends ModprobeOrigin {
  readonly module: string;
  readonly command: string;
}

interface ModprobeAlias extends ModprobeOrigin {
  /** With shell wildcards, as written. */
  readonly pattern: string;
  readonly module: string;
}

/** The commands of one file. Names of modules have underscores, whatever was written. */
export interface ModprobeCommands {
  readonly options: readonly ModprobeOptions[];
  readonly softdeps: readonly ModprobeSoftdep[];
  readonly blacklist: readonly (ModprobeOrigin & { readonly module: string })[];
  readonly installs: readonly ModprobeInstall[];
  readonly aliases: readonly ModprobeAlias[];
}

/** What modprobe is told by files; the kernel command line adds to it (see vfio-pci-ids.ts). */
export interface ModprobeConfig extends ModprobeCommands {
  /** The files that count, in the order in which modprobe applies them. */
  readonly files: readonly string[];
  /** Files and folders that could not be looked at: what is missing above could stand there. */
  readonly unread: readonly Unread[];
}

/** Nothing configured, everything looked at. */
export const EMPTY_MODPROBE_CONFIG: ModprobeConfig = {
  files: [],
  options: [],
  softdeps: [],
  blacklist: [],
  installs: [],
  aliases: [],
  unread: [],
};

/** In the order of modprobe.d(5): of files with the same name, the first counts and hides the others. */
const FOLDERS = ['/etc/modprobe.d', '/run/modprobe.d', '/usr/local/lib/modprobe.d', '/usr/lib/modprobe.d', '/lib/modprobe.d'];

/** The effective configuration of modprobe. Fails only when no folder at all could be looked at. */
export const modprobeConfig = defineFact({
  id: 'modprobeConfig',
  collect(host): ModprobeConfig {
    const { files, unread, foldersSeen } = readDropIns(host, FOLDERS);
    const [hidden] = unread;
    if (foldersSeen === 0 && hidden !== undefined)
      throw new FactError({ ...hidden, hint: 'record it, or run passcheck on the host itself' });
    const merged: Mutable = { options: [], softdeps: [], blacklist: [], installs: [], aliases: [] };
    for (const { path, text } of files) append(merged, parseModprobeFile(text, path));
    return { ...merged, files: files.map(({ path }) => path), unread };
  },
});

/** `vfio-pci` and `vfio_pci` are one module to modprobe and the kernel. */
export function moduleName(text: string): string {
  return text.replaceAll('-', '_');
}

type Mutable = { -readonly [Key in keyof ModprobeCommands]: ModprobeCommands[Key][number][] };

function append(target: Mutable, more: ModprobeCommands): void {
  target.options.push(...more.options);
  target.softdeps.push(...more.softdeps);
  target.blacklist.push(...more.blacklist);
  target.installs.push(...more.installs);
  target.aliases.push(...more.aliases);
}

/**
 * The commands of one file of modprobe.d(5). As modprobe reads it: `#` starts a comment only at the start of a line, an
 * unknown or incomplete command is skipped. https://man7.org/linux/man-pages/man5/modprobe.d.5.html
 */
export function parseModprobeFile(text: string, file: string): ModprobeCommands {
  const commands: Mutable = { options: [], softdeps: [], blacklist: [], installs: [], aliases: [] };
  for (const { content, line } of logicalLines(text)) {
    if (content.startsWith('#')) continue;
    const [command = '', name = '', ...rest] = content.split(/[\t ]+/).filter((word) => word !== '');
    if (name !== '') addCommand(commands, { command, name, rest }, { file, line });
  }
  return commands;
}

function addCommand(
  commands: Mutable,
  { command, name, rest }: { command: string; name: string; rest: readonly string[] },
  origin: ModprobeOrigin,
): void {
  const module = moduleName(name);
  const words = rest.join(' ');
  if (command === 'blacklist') commands.blacklist.push({ module, ...origin });
  if (words === '') return;
  if (command === 'options') commands.options.push({ module, parameters: words, ...origin });
  if (command === 'install') commands.installs.push({ module, command: words, ...origin });
  if (command === 'alias') commands.aliases.push({ pattern: name, module: moduleName(rest[0] ?? ''), ...origin });
  if (command === 'softdep') commands.softdeps.push({ module, ...parseSoftdep(rest), ...origin });
}

function parseSoftdep(words: readonly string[]): { pre: string[]; post: string[] } {
  const lists: { pre: string[]; post: string[] } = { pre: [], post: [] };
  let list: string[] | null = null;
  for (const word of words) {
    if (word === 'pre:') list = lists.pre;
    else if (word === 'post:') list = lists.post;
    else list?.push(moduleName(word));
  }
  return lists;
}

/** Lines with continuations joined: a backslash before the line end joins, before anything else it vanishes. */
function* logicalLines(text: string): Generator<{ content: string; line: number }> {
  let content = '';
  let start = 1;
  const lines = text.split('\n');
  for (const [index, raw] of lines.entries()) {
    const isContinued = /(?:^|[^\\])(?:\\\\)*\\$/.test(raw) && index < lines.length - 1;
    content += unescape(isContinued ? raw.slice(0, -1) : raw);
    if (isContinued) continue;
    yield { content, line: start };
    content = '';
    start = index + 2;
  }
}

function unescape(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.)/g, '$1') : text;
}
