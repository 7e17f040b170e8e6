import { heldKiB, largestDemandKiB, pagedMemoryKiB, pageSizesKiB } from '../../../src/domain/memory-demand.ts';
import type { Domain } from '../../../src/domain/model.ts';
import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotCollect, couldNotLook, type Evidence, fail, notApplicable, type Outcome, pass } from '../../../src/engine/outcome.ts';
import { HUGEPAGES, type HugepagePool, type Hugepages } from '../../../src/facts/hugepages.ts';
import { isActive, type JudgedDomains } from '../../../src/facts/judged-domains.ts';

export default defineCheck({
  id: 'preflight/memory/host-reserve',
  title: 'Enough memory stays for the host beside the virtual machine',
  severity: 'major',
  needs: ['memory', 'hugepages', 'config'],
  wants: ['judgedDomains'],
  why: 'A VM with a passed device holds all its memory at once and for good. What is left must do for the host, or it kills programs.',
  sources: ['https://docs.kernel.org/admin-guide/mm/hugetlbpage.html', 'https://docs.kernel.org/driver-api/vfio.html'],
  evaluate({ memory, hugepages, config, judgedDomains }) {
    const reserveKiB = config.thresholds.hostReserveMiB * 1024;
    const pools = hugepages.pools.reduce((sum, { total, sizeKiB }) => sum + total * sizeKiB, 0);
    const total = { source: '/proc/meminfo', observed: `MemTotal ${mib(memory.totalKiB)}` };
    const reserved = { source: HUGEPAGES, observed: `${mib(pools)} reserved` };
    if (memory.totalKiB < reserveKiB) return tooSmall(memory.totalKiB, reserveKiB, total);
    if (memory.totalKiB - pools < reserveKiB) return tooLittle(memory.totalKiB - pools, reserveKiB, [total, reserved]);
    if (!judgedDomains.ok) return couldNotCollect(judgedDomains.error, 'look at it by hand');
    const { domains, missing } = judgedDomains.value;
    if (missing.length > 0)
      return couldNotLook('virsh list --all', `it does not know ${missing.join(', ')}`, 'define it, or correct vms in passcheck.yaml');
    const taken = takenKiB(judgedDomains.value, hugepages);
    const leftKiB = memory.totalKiB - taken.pools - taken.judged - taken.others;
    const vms: Evidence = {
      source: 'virsh list --all',
      observed: `${mib(taken.judged + taken.pools - pools)} more for judged VMs, ${mib(taken.others)} for others that run`,
    };
    if (leftKiB < reserveKiB) return tooLittle(leftKiB, reserveKiB, [total, reserved, vms]);
    if (domains.length === 0) return notApplicable('what the VM will take is not known yet: libvirt knows no VM with the GPU');
    const left = { ...total, observed: `${total.observed}, of which ${mib(leftKiB)} are left`, expected: `${mib(reserveKiB)} left` };
    return pass(left, reserved, vms);
  },
});

interface Taken {
  /** The pools, grown to what the judged domains need: pages made on demand come out of the host's memory too. */
  readonly pools: number;
  /** Judged domains without hugepages. What they hold while they run is no more than this. */
  readonly judged: number;
  /** Domains that are not judged and run now, without hugepages: theirs are in the pools. */
  readonly others: number;
}

/** In KiB. */
function takenKiB({ domains, others }: JudgedDomains, { pools, defaultSizeKiB }: Hugepages): Taken {
  const judged = domains.map(({ definition }) => definition);
  const poolOf = (domain: Domain): HugepagePool | undefined =>
    pools.find(({ sizeKiB }) => pageSizesKiB(domain, defaultSizeKiB)[0] === sizeKiB);
  const ordinary = (domain: Domain): number => (poolOf(domain) === undefined ? domain.memoryKiB : 0);
  const grown = pools.map((pool) => {
    const paged = (domain: Domain): number => (poolOf(domain) === pool ? pagedMemoryKiB(domain, pool.sizeKiB) : 0);
    const held = heldKiB(
      domains.map((domain) => ({ definition: domain.definition, isActive: isActive(domain) })),
      pool,
      defaultSizeKiB,
    );
    const free = Math.max(0, pool.free - pool.reserved) * pool.sizeKiB + held;
    return pool.total * pool.sizeKiB + Math.max(0, largestDemandKiB(judged, paged) - free);
  });
  return {
    pools: grown.reduce((sum, kib) => sum + kib, 0),
    judged: largestDemandKiB(judged, ordinary),
    others: others.reduce((sum, { definition }) => sum + ordinary(definition), 0),
  };
}

function tooSmall(totalKiB: number, reserveKiB: number, evidence: Evidence): Outcome {
  return fail(`this host has ${mib(totalKiB)} in all, and ${mib(reserveKiB)} are to stay for it`, {
    evidence: [{ ...evidence, expected: `${mib(reserveKiB)} left` }],
    remedy: { summary: 'Lower thresholds.hostReserveMiB in passcheck.yaml if this host does with less' },
  });
}

function tooLittle(leftKiB: number, reserveKiB: number, evidence: readonly [Evidence, ...Evidence[]]): Outcome {
  const left = leftKiB < 0 ? `${mib(-leftKiB)} more than there is would be taken` : `${mib(leftKiB)} would be left for the host`;
  const [total, ...rest] = evidence;
  return fail(`${left}, ${mib(reserveKiB)} are wanted`, {
    evidence: [{ ...total, expected: `${mib(reserveKiB)} left` }, ...rest],
    remedy: {
      summary:
        `Give the VMs or the hugepages ${mib(reserveKiB - leftKiB)} less, ` +
        'or lower thresholds.hostReserveMiB in passcheck.yaml if the host does with less',
    },
  });
}

function mib(kib: number): string {
  return `${Math.round(kib / 1024)} MiB`;
}
