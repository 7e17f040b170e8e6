import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { bundledCli, type Cli } from '../../../test/cli.ts';

/** A virsh of VMs alone, which are files in $VMS. `$DEFINE`: what it does beside, before it defines one. */
const VIRSH = `
const fs = require('node:fs');
const words = process.argv.slice(2).filter((word) => !['-q', '-c', 'qemu:///session'].includes(word));
const folder = process.env.VMS;
const files = () => fs.readdirSync(folder).filter((name) => name.endsWith('.xml')).map((name) => fs.readFileSync(folder + '/' + name, 'utf8'));
const uuidOf = (xml) => /<uuid>(.*?)<\\/uuid>/.exec(xml)[1];
const nameOf = (xml) => /<name>(.*?)<\\/name>/.exec(xml)[1];
const refuse = (text) => (process.stderr.write('error: ' + text + '\\n'), 1);
function one([verb, ...rest]) {
  const xml = files().find((text) => rest.includes(uuidOf(text)) || rest.includes(nameOf(text)));
  if (verb === 'list') {
    const flags = rest.join(' ');
    if (/transient|managed-save/.test(flags) || !flags.includes('--all')) return 0;
    const listed = files().filter((text) => !flags.includes('--autostart') || fs.existsSync(folder + '/' + uuidOf(text) + '.on'));
    for (const text of listed) console.log([uuidOf(text), ...(flags.includes('--name') ? [nameOf(text)] : [])].join(' '));
    return 0;
  }
  if (/^(net|pool)-list$/.test(verb)) return 0;
  fs.appendFileSync(folder + '/calls', /dumpxml|domstate|snapshot-list/.test(verb) ? '' : verb + '\\n');
  if (verb === 'define') {
    if (process.env.DEFINE === 'refuse') return refuse('Failed to define domain') && refuse('unsupported configuration: no such machine \\u001b[2J');
    if (process.env.DEFINE === 'stop') process.kill(process.ppid, 'SIGTERM');
    if (process.env.DEFINE === 'stop') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    const text = fs.readFileSync(rest[0], 'utf8');
    fs.writeFileSync(folder + '/' + uuidOf(text) + '.xml', text);
    return 0;
  }
  if (xml === undefined) return refuse('failed to get domain');
  if (verb === 'dumpxml') console.log(xml);
  if (verb === 'domstate') console.log('shut off');
  if (verb === 'autostart') fs.writeFileSync(folder + '/' + uuidOf(xml) + '.on', '');
  if (verb === 'undefine') fs.rmSync(folder + '/' + uuidOf(xml) + '.xml');
  return 0;
}
if (!words[0].startsWith('echo ')) process.exit(one(words));
for (const part of words[0].split(/(?:^|; )(?=echo "\\n)/)) {
  const [, mark, errorMark, command] = /^echo "(\\n[^"]*)"; echo --err "([^"]*)"; ([^]*)$/.exec(part) ?? [];
  if (command === undefined) continue;
  process.stdout.write(mark);
  process.stderr.write('error: ' + errorMark + '\\n');
  one(command.replaceAll("'", '').split(' '));
}
`;

/** Of the user, so that tests do not take the lock of the machine's own libvirt. */
const SPEC = `
name: lab
connection: qemu:///session
vms:
  a: { memory: 128 MiB, vcpus: 1, accelerator: tcg, firmware: bios, tpm: false, autostart: true }
`;

let cli: Cli;
let count = 0;
let place: string;

beforeAll(async () => {
  cli = await bundledCli();
  writeFileSync(join(cli.folder, 'lab.yaml'), SPEC);
  writeFileSync(join(cli.folder, 'virsh.cjs'), VIRSH);
  mkdirSync(join(cli.folder, 'bin'));
  const script = `#!/bin/sh\nexec '${process.execPath}' '${join(cli.folder, 'virsh.cjs')}' "$@"\n`;
  writeFileSync(join(cli.folder, 'bin/virsh'), script, { mode: 0o755 });
});

afterAll(() => cli.remove());

beforeEach(() => {
  place = join(cli.folder, `place-${count++}`);
  mkdirSync(join(place, 'vms'), { recursive: true });
});

function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): ReturnType<Cli['run']> {
  const own = { PATH: join(cli.folder, 'bin'), VMS: join(place, 'vms'), XDG_STATE_HOME: join(place, 'state') };
  return cli.run(argv, { env: { ...own, ...env } });
}

const calls = (): string[] =>
  existsSync(join(place, 'vms/calls')) ? readFileSync(join(place, 'vms/calls'), 'utf8').trim().split('\n') : [];

describe('passcheck apply', () => {
  it('shows the plan, does it, and says so; the second time there is nothing to do', () => {
    const first = run(['apply', 'lab.yaml']);
    expect(first).toMatchObject({ status: 0, stdout: '' });
    expect(first.stderr).toMatch(/^\+ VM a: .*\n\n.*1 to create, nothing to destroy\n✓ create VM a: .*\n✓ VM a: .*\ndone: 2 steps\n$/s);
    expect(calls()).toEqual(['define', 'autostart']);
    const second = run(['apply', 'lab.yaml']);
    expect(second).toMatchObject({ status: 0, stdout: '' });
    expect(second.stderr).toMatch(/nothing to do: everything is as lab says\n$/);
    expect(calls()).toEqual(['define', 'autostart']);
  });

  it('gives programs the plan and what became of it', () => {
    const { status, stdout } = run(['apply', 'lab.yaml', '--format', 'json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      plan: { command: 'apply', spec: 'lab' },
      done: [{ step: { do: 'define-domain' } }, { step: { do: 'autostart-domain' } }],
      failed: [],
      notDone: [],
      stillToDo: [],
    });
  });

  it('says what libvirt refused, what was not begun, and fails', () => {
    const { status, stderr } = run(['apply', 'lab.yaml'], { DEFINE: 'refuse' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/✗ create VM a: .*: unsupported configuration: no such machine \\x1b\[2J\n0 of 2 steps were done; left: VM a\n/);
    expect(run(['apply', 'lab.yaml']).status).toBe(0);
  });

  it('that is told to stop ends and records the call that runs, and the next one goes on', () => {
    const { status, stderr } = run(['apply', 'lab.yaml'], { DEFINE: 'stop' });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /stopping: what runs now is ended first.*\n✓ create VM a: .*\nstopped, as you asked\n1 of 2 steps were done; left: VM a\n/,
    );
    expect(run(['apply', 'lab.yaml']).stderr).toMatch(/done: 1 step\n$/);
    expect(calls()).toEqual(['define', 'autostart']);
  });

  it('does a stored plan, goes on with the rest of it, and does nothing else', () => {
    const stored = join(place, 'lab.plan');
    expect(run(['plan', 'lab.yaml', '--out', stored]).status).toBe(5);
    expect(run(['apply', '--plan', stored], { DEFINE: 'stop' }).status).toBe(1);
    expect(run(['apply', '--plan', stored]).status).toBe(0);
    expect(run(['apply', '--plan', stored]).stderr).toMatch(/nothing to do/);
    const [name = ''] = readdirSync(join(place, 'vms')).filter((file) => file.endsWith('.xml'));
    const file = join(place, 'vms', name);
    writeFileSync(file, readFileSync(file, 'utf8').replace('131072', '262144'));
    const changed = run(['apply', '--plan', stored]);
    expect(changed.status).toBe(1);
    expect(changed.stderr).toMatch(/nothing was done: the world has changed since/);
    expect(calls()).toEqual(['define', 'autostart']);
  });
});

describe('passcheck destroy', () => {
  it('does nothing where nobody can be asked, and keeps the definition of what it takes away', () => {
    run(['apply', 'lab.yaml']);
    const asked = run(['destroy', 'lab.yaml']);
    expect(asked.status).toBe(1);
    expect(asked.stderr).toMatch(/nothing was done: nobody can be asked here, so say --yes\n$/);
    const { status, stderr } = run(['destroy', 'lab.yaml', '--yes']);
    expect(status).toBe(0);
    expect(stderr).toMatch(/the definitions that were there before are kept in .*\/backup\ndone: 1 step\n$/);
    expect(calls()).toEqual(['define', 'autostart', 'undefine']);
    expect(readdirSync(join(place, 'state/passcheck/session/backup'))).toHaveLength(1);
  });
});

describe('wrong usage: libvirt is not asked', () => {
  it.each([
    [['apply'], /name a spec/],
    [['apply', 'lab.yaml', '--plan', 'lab.plan'], /a plan has its spec in it/],
    [['apply', '--plan', 'lab.yaml'], /no JSON, so no plan of passcheck/],
    [['apply', 'nowhere.yaml'], /could not read nowhere\.yaml: there is no such file/],
    [['destroy'], /missing required argument 'spec'/],
    [['destroy', 'lab.yaml', '--shutdown-timeout', '0'], /Want seconds from 1/],
    [['adopt', 'lab.yaml'], /missing required argument 'names'/],
    [['prune', 'lab.yaml', '--delete-disks', 'all'], /unknown option '--delete-disks'/],
  ])('%j', (argv, message) => {
    const { status, stdout, stderr } = run(argv, { PATH: place });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
