import * as fs from 'node:fs';

import { disksOf, driverOption } from '../../domain/disks.ts';
import type { Problem } from '../problem.ts';
import type { Vm } from '../read-vms.ts';
import type { ImageTool } from './qemu-img.ts';
import { realPath, type SubjectDisk } from './subject.ts';

/** Whether disks of other VMs are built on those of this one: going back would destroy what is in them. */
export async function basedOn(
  disks: readonly SubjectDisk[],
  { vm, vms }: { readonly vm: Vm; readonly vms: readonly Vm[] },
  images: Pick<ImageTool, 'chain'>,
): Promise<{ readonly problems: readonly Problem[]; readonly notes: readonly string[] }> {
  const ours = new Map(disks.map(({ target, path }) => [realPath(path), target]));
  const problems: Problem[] = [];
  const notes: string[] = [];
  for (const other of vms.filter(({ uuid }) => uuid !== vm.uuid)) {
    for (const disk of disksOf(other)) {
      const { path, type } = disk;
      if (path === null || type !== 'file' || driverOption(disk, 'type') !== 'qcow2' || !fs.existsSync(path)) continue;
      // oxlint-disable-next-line no-await-in-loop -- one process after the other
      const chain = await images.chain(path);
      if (!chain.ok) {
        notes.push(`Could not see whether ${path} of ${other.name} is built on it: ${chain.problems[0]?.message ?? ''}`);
        continue;
      }
      const target = chain.value.map((base) => ours.get(realPath(base))).find((one) => one !== undefined);
      if (target !== undefined)
        problems.push({ message: `${path} of ${other.name} is built on its ${target}, and would be destroyed`, fix: null });
    }
  }
  return { problems, notes };
}
