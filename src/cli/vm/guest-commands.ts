import { type Command, Option } from 'commander';

import type { Io } from '../io.ts';
import type { ExecOptions } from './exec.ts';
import { type GuestOptions, withGuestOptions } from './guest-options.ts';
import type { IpOptions } from './ip.ts';
import { seconds, withConnectionOption } from './vm-options.ts';
import type { WaitOptions } from './wait.ts';

const GUEST = 'a VM by name or UUID, or an address; USER@ before it goes over SSH';
const PROGRAM_MS = 600_000;
const WAIT_MS = 300_000;

const PROGRAM_EXITS = `
Exit codes: that of the program, 128 + N when signal N ended it, 254 where it
            does not fit (Windows has larger ones; what it was is told)
            255 it was not run, or how it ended is not known · 2 wrong options`;
const EXITS = `
Exit codes: 0 done · 1 refused or failed · 2 wrong usage
            3 libvirt did not answer · 4 a bug in passcheck`;

const EXEC_EXAMPLES = `
Examples:
  $ passcheck vm exec dc01 -- ipconfig /all
  $ passcheck vm exec lab1 -- sh -c 'uname -a; id'
  $ passcheck vm exec root@192.168.56.101 --key ~/.ssh/lab -- uptime
  $ tar c site | passcheck vm exec --stdin root@lab1 -- tar x -C /srv

Output comes as the program prints it; on a terminal, control characters in it
are shown, not obeyed. A guest agent runs programs as root (Windows: SYSTEM) and
without a desktop. Other users of this host can see arguments and input while
they are handed to an agent: secrets go over SSH.
${PROGRAM_EXITS}`;

const SCRIPT_EXAMPLES = `
Examples:
  $ passcheck vm run-script win11 setup.ps1 -Name lab1
  $ passcheck vm run-script lab1 install.sh -- --verbose

Windows runs .ps1, .bat, .cmd and .py; other guests what the first line says
(#!/usr/bin/env bash), else .sh, .bash, .py and .ps1. The script is copied into
a folder of its own, and removed when it has ended.
${PROGRAM_EXITS}`;

const COPY_EXAMPLES = `
Examples:
  $ passcheck vm copy setup.msi 'win11:C:\\Temp\\'
  $ passcheck vm copy lab1:/var/log/syslog .
  $ passcheck vm copy hosts root@192.168.56.101:/etc/hosts

A file is written beside its place, compared by its SHA-256 and renamed: there
is the old one or the new one. Folders: pack them (tar, zip).
${EXITS}`;

const IP_EXAMPLES = `
Examples:
  $ passcheck vm ip dc01
  $ ssh root@$(passcheck vm ip lab1 --format plain | head -n 1)
${EXITS}`;

const WAIT_EXAMPLES = `
Examples:
  $ passcheck vm start dc01 && passcheck vm wait dc01
  $ passcheck vm wait lab1 --via ssh --user root --timeout 60
${EXITS}`;

/** The subcommands about what runs in a VM; the action of each is loaded when it runs. */
export function defineGuestCommands(command: Command, io: Io): void {
  definePrograms(command, io);
  withGuestOptions(command.command('copy'))
    .summary('copy a file into it, or out of it')
    .description('Copy a file into a guest or out of it. One of the two is VM:PATH, with a path from the root.')
    .argument('<from>', 'a file here, or VM:PATH')
    .argument('<to>', 'VM:PATH, or a file or folder here')
    .addHelpText('after', COPY_EXAMPLES)
    .action(async (from: string, to: string, options: GuestOptions) => (await import('./copy.ts')).copy(from, to, options, io));
  withConnectionOption(command.command('ip'))
    .summary('its addresses, and who says so')
    .description('The addresses of a running VM: from its guest agent, from leases of libvirt, from the neighbours of this host.')
    .argument('<vm>', 'a VM by name or UUID')
    .addOption(new Option('--format <format>', 'default: terminal; plain: one address a line').choices(['terminal', 'plain', 'json']))
    .addHelpText('after', IP_EXAMPLES)
    .action(async (vm: string, options: IpOptions) => (await import('./ip.ts')).ip(vm, options, io));
  withGuestOptions(command.command('wait'))
    .summary('wait until its guest agent or SSH server answers')
    .description('Wait until a guest answers: its agent, or its SSH server where it has no agent.')
    .argument('<vm>', GUEST)
    .addOption(timeoutOption('how long', WAIT_MS))
    .addHelpText('after', WAIT_EXAMPLES)
    .action(async (vm: string, options: WaitOptions) => (await import('./wait.ts')).wait(vm, options, io));
}

function definePrograms(command: Command, io: Io): void {
  withGuestOptions(command.command('exec'))
    .summary('run a program in it')
    .description('Run a program in a guest. Without a shell: for its features, run one.')
    .argument('<vm>', GUEST)
    .argument('<command...>', 'the program and its arguments, after --')
    .usage('[options] VM -- COMMAND [ARGUMENTS]')
    .addOption(timeoutOption('how long it may take', PROGRAM_MS))
    .addOption(stdinOption())
    .addHelpText('after', EXEC_EXAMPLES)
    .action(async (vm: string, argv: readonly string[], options: ExecOptions) => (await import('./exec.ts')).exec(vm, argv, options, io));
  withGuestOptions(command.command('run-script'))
    .summary('run a script of this host in it')
    .description('Copy a script into a guest and run it there.')
    .argument('<vm>', GUEST)
    .argument('<file>', 'the script')
    .argument('[arguments...]', 'its arguments; after -- when they begin with a dash')
    .usage('[options] VM FILE [--] [ARGUMENTS]')
    .addOption(timeoutOption('how long it may take', PROGRAM_MS))
    .addOption(stdinOption())
    .addHelpText('after', SCRIPT_EXAMPLES)
    .action(async (vm: string, file: string, args: readonly string[], options: ExecOptions) =>
      (await import('./run-script.ts')).runScriptFile(vm, file, args, options, io),
    );
}

function timeoutOption(what: string, defaultMs: number): Option {
  return new Option('--timeout <seconds>', what).argParser(seconds).default(defaultMs, String(defaultMs / 1000));
}

function stdinOption(): Option {
  return new Option('--stdin', 'hand standard input to the program (an agent takes 90 KiB)');
}
