import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { demanded, type Libvirtd, type Result } from './libvirtd.ts';

/** What goes wrong at a call of virsh. */
export interface Fault {
  /** In the words of the call: ` define `. */
  readonly at: string;
  /** Lines for bash, which run before the call; `virsh "$@"` in them is the call. Only the first call that fits has them. */
  readonly does: string;
}

/** Lines that wait until both networks of the lab run: libvirt that dies while it starts one leaves a bridge behind. */
export const NETWORKS_RUN = `until [ "$(virsh -q net-list --name | wc -w)" = 2 ]; do sleep 0.05; done`;

/** Lines that let libvirtd die when it was asked, before it answers. */
export const DIES_BEFORE = `kill -STOP $(cat /run/libvirtd.pid); virsh "$@" & sleep 0.3; kill -KILL $(cat /run/libvirtd.pid); wait $!; exit $?`;

/** Lines that let libvirtd die half a second after the call began. */
export const DIES_MEANWHILE = `virsh "$@" & sleep 0.5; kill -KILL $(cat /run/libvirtd.pid); wait $!; exit $?`;

/** Lines that start libvirtd, and wait for it. */
export const STARTS_LIBVIRTD = `until ! kill -0 $(cat /run/libvirtd.pid) 2> /dev/null; do sleep 0.02; done; libvirtd -d
  until virsh -q -c qemu:///system uri > /dev/null 2>&1; do sleep 0.05; done`;

/** Runs passcheck with a virsh that has a fault. `words` are for bash. */
export async function passcheckWith(host: Libvirtd, { at, does }: Fault, words: string): Promise<Result> {
  const folder = join(host.folder, `faulty-${count++}`);
  mkdirSync(folder);
  const isFirst = `[[ " $* " = *'${at}'* ]] && mkdir '${folder}/met' 2> /dev/null`;
  const script = `#!/bin/bash\nPATH=\${PATH#*:}\nif ${isFirst}; then\n${does}\nfi\nexec virsh "$@"\n`;
  writeFileSync(join(folder, 'virsh'), script, { mode: 0o755 });
  return host.sh(`PATH='${folder}':"$PATH" exec passcheck ${words}`);
}

let count = 0;

/** Puts a script in the place of a program of this machine, also for libvirt, while `work` goes on; `/run/real` is the program itself. */
export async function withProgram<Value>(host: Libvirtd, path: string, script: string, work: () => Promise<Value>): Promise<Value> {
  host.write('instead', `#!/bin/bash\n${script}\n`);
  demanded(await host.sh(`chmod 755 instead; cp -a ${path} /run/real; mount --bind instead ${path}`));
  try {
    return await work();
  } finally {
    demanded(await host.sh(`umount ${path}; rm /run/real`));
  }
}
