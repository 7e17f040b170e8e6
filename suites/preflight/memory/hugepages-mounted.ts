import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, fail, notApplicable, pass } from '../../../src/engine/outcome.ts';
import { mountedPageSizeKiB, type Mount } from '../../../src/facts/mounts.ts';
import type { QemuConf } from '../../../src/facts/qemu-conf.ts';
import { hugepageMountSteps } from '../../../src/remedy/hugepages.ts';
import { restartLibvirtStep } from '../../../src/remedy/services.ts';

export default defineCheck({
  id: 'preflight/memory/hugepages-mounted',
  title: 'A hugetlbfs is mounted for each page size that a VM asks for',
  severity: 'major',
  needs: ['hugepages', 'hugepageDemand', 'mounts'],
  wants: ['qemuConf', 'platform', 'libvirt'],
  why: 'QEMU gets its hugepages as a file on a hugetlbfs of that page size: without the mount libvirt refuses to start the VM.',
  sources: [
    'https://libvirt.org/formatdomain.html#memory-backing',
    'https://docs.kernel.org/admin-guide/mm/hugetlbpage.html#using-huge-pages',
  ],
  evaluate({ hugepages: { pools, defaultSizeKiB }, hugepageDemand: { domains }, mounts, qemuConf, platform, libvirt }) {
    const asked = new Set(domains.flatMap(({ sizesKiB }) => sizesKiB.filter((size) => size !== null)));
    const reserved = pools.filter(({ total }) => total > 0).map(({ sizeKiB }) => sizeKiB);
    const sizes = (asked.size > 0 ? [...asked] : reserved).toSorted((a, b) => a - b);
    if (sizes.length === 0) return notApplicable('no VM asks for hugepages, and none are reserved');
    const mounted = mounts.filter(({ type }) => type === 'hugetlbfs');
    const found = mounted.map((mount) => ({ ...mount, sizeKiB: mountedPageSizeKiB(mount) ?? defaultSizeKiB }));
    const evidence = {
      source: '/proc/self/mounts',
      observed: found.map(({ target, sizeKiB }) => `hugetlbfs ${target} (${mib(sizeKiB)})`).join(', ') || 'no hugetlbfs',
    };
    const without = sizes.find((size) => !found.some(({ sizeKiB }) => sizeKiB === size));
    const restart = restartLibvirtStep(libvirt.ok ? (libvirt.value.mode ?? 'monolithic') : 'monolithic');
    if (without !== undefined) {
      return fail(`no hugetlbfs with pages of ${mib(without)} is mounted`, {
        evidence: [{ ...evidence, expected: `one with pages of ${mib(without)}` }],
        remedy: {
          summary: `Mount a hugetlbfs with pages of ${mib(without)}, and restart libvirt, which looks for it only when it starts`,
          ...(platform.ok ? { steps: [...hugepageMountSteps(platform.value, without), restart] } : {}),
        },
      });
    }
    if (!qemuConf.ok) {
      return couldNotLook(
        qemuConf.error.source,
        `hugetlbfs_mount can name other folders: ${qemuConf.error.reason}`,
        qemuConf.error.hint ?? 'run passcheck as root',
      );
    }
    const chosen = chosenFolders(qemuConf.value);
    const unused = chosen === null ? undefined : sizes.find((size) => !found.some((one) => one.sizeKiB === size && isChosen(one, chosen)));
    if (chosen === null || unused === undefined) return pass(evidence);
    return fail(`qemu.conf lets libvirt use no hugetlbfs with pages of ${mib(unused)}`, {
      evidence: [{ source: qemuConf.value.path, observed: `hugetlbfs_mount = ${JSON.stringify(chosen)}` }, evidence],
      remedy: {
        summary: `Remove hugetlbfs_mount from ${qemuConf.value.path}, so that libvirt finds the mounts itself, and restart libvirt`,
        steps: [restart],
      },
    });
  },
});

/** Null: libvirt takes every hugetlbfs that it finds. An empty name switches hugepages off. */
function chosenFolders({ settings }: QemuConf): readonly string[] | null {
  const value = settings.findLast(({ name }) => name === 'hugetlbfs_mount')?.value;
  if (value === undefined) return null;
  return (typeof value === 'object' ? value : [value]).map(String).filter((folder) => folder !== '');
}

function isChosen({ target }: Mount, folders: readonly string[]): boolean {
  return folders.some((folder) => folder.replace(/\/{1,64}$/, '') === target);
}

function mib(kib: number | null): string {
  return kib === null ? 'unknown size' : `${kib / 1024} MiB`;
}
