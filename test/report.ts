import * as fc from 'fast-check';

import type { Report, Result } from '../src/report/model.ts';

export function aResult(given: Partial<Result> = {}): Result {
  return {
    id: 'preflight/iommu/enabled',
    subject: null,
    title: 'The kernel translates the DMA of devices through an IOMMU',
    severity: 'blocker',
    status: 'pass',
    message: null,
    evidence: [{ source: '/sys/class/iommu', observed: 'ivhd0' }],
    remedy: null,
    ...given,
  };
}

/** A report whose counts are those of its results. */
export function aReport(given: Partial<Report> = {}): Report {
  const results = given.results ?? [];
  const count = (status: Result['status']): number => results.filter((result) => result.status === status).length;
  return {
    schema: 1,
    tool: { name: 'passcheck', version: '0.1.0' },
    suite: 'preflight',
    verdict: 'GO',
    subject: { host: 'gaia', domain: null, summary: 'Debian GNU/Linux 12 (bookworm), GRUB · GPU 0000:01:00.0 NVIDIA AD102 [10de:2684]' },
    startedAt: '2026-11-20T09:00:00.000Z',
    durationMs: 84,
    counts: {
      pass: count('pass'),
      fail: count('fail'),
      error: count('error'),
      'not-applicable': count('not-applicable'),
      skipped: count('skipped'),
    },
    results,
    facts: [{ id: 'iommu', status: 'ok', ms: 3 }],
    measurements: [],
    ...given,
  };
}

const INTREMAP = aResult({
  id: 'preflight/iommu/interrupt-remapping',
  title: 'Device interrupts are remapped',
  status: 'fail',
  message: '24 PCI-MSI vectors are not remapped, and "intremap=off" is on the kernel command line',
  evidence: [
    { source: '/proc/interrupts', observed: '24 × PCI-MSI, 0 × IR-', expected: 'IR- on every PCI-MSI line' },
    { source: '/proc/cmdline', observed: 'intremap=off' },
  ],
  remedy: {
    summary: 'Remove intremap=off from the kernel command line',
    steps: [
      { file: '/etc/default/grub', line: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"' },
      { run: 'update-grub', reboot: true },
    ],
  },
});

const AUDIO = aResult({
  id: 'preflight/vfio/driver-bound',
  subject: '0000:01:00.1',
  title: 'Every function of the GPU is bound to vfio-pci',
  status: 'fail',
  message: '0000:01:00.1 (audio) is held by snd_hda_intel',
  evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.1/driver', observed: 'snd_hda_intel', expected: 'vfio-pci' }],
  remedy: {
    summary: 'Bind 10de:22ba to vfio-pci before snd_hda_intel takes it',
    steps: [
      {
        file: '/etc/modprobe.d/vfio.conf',
        line: 'options vfio-pci ids=10de:2684,10de:22ba\nsoftdep snd_hda_intel pre: vfio-pci',
        run: 'update-initramfs -u',
        reboot: true,
      },
    ],
  },
});

/** A report with something of everything that a host can bring about. */
export const NO_GO_REPORT = aReport({
  verdict: 'NO-GO',
  results: [
    aResult({ id: 'preflight/cpu/virtualization', title: 'The CPU can run virtual machines', message: 'nested: this host is itself a VM' }),
    aResult({
      id: 'preflight/cpu/governor',
      title: 'The CPU governor does not slow the guest down',
      severity: 'minor',
      status: 'fail',
      message: 'the governor of 16 CPUs is powersave',
      evidence: [{ source: '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor', observed: 'powersave', expected: 'performance' }],
      remedy: {
        summary: 'Use the performance governor while the VM runs',
        steps: [{ run: 'cpupower frequency-set --governor performance' }],
      },
    }),
    aResult(),
    INTREMAP,
    aResult({
      id: 'preflight/memory/memlock',
      title: 'QEMU may lock the memory of the guest',
      severity: 'minor',
      status: 'not-applicable',
      message: 'libvirt raises the limit itself for qemu:///system',
      evidence: [],
    }),
    aResult({
      id: 'preflight/gpu/rebar',
      title: 'The BARs of the GPU have their full size',
      severity: 'info',
      status: 'error',
      message: 'could not look: permission denied',
      evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.0/config', observed: 'permission denied' }],
      remedy: { summary: 'run passcheck as root to see it' },
    }),
    aResult({ ...AUDIO, subject: '0000:01:00.0', message: '0000:01:00.0 (display) is held by nouveau' }),
    AUDIO,
  ],
});

/** Bytes as a host can hold them: rubbish, markup of every output, escape sequences, bidirectional overrides, line ends. */
const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        '\u001b[31m',
        '\u009b2J',
        '\u202e',
        '\u2066',
        '\r',
        '\n',
        '\u0000',
        '\ud800',
        '```',
        '`',
        '|',
        '# ',
        '### ',
        '<b>',
        ']]>',
        '&',
        '"',
        "'",
        'word',
        ' ',
        '漢',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

const hostileResult: fc.Arbitrary<Result> = fc.record({
  id: hostileText,
  subject: fc.option(hostileText),
  title: hostileText,
  severity: fc.constantFrom('blocker', 'major', 'minor', 'info'),
  status: fc.constantFrom('pass', 'fail', 'error', 'not-applicable', 'skipped'),
  message: fc.option(hostileText),
  evidence: fc.array(
    fc.record({ source: hostileText, observed: hostileText, expected: hostileText }, { requiredKeys: ['source', 'observed'] }),
    { maxLength: 3 },
  ),
  remedy: fc.option(
    fc.record(
      {
        summary: hostileText,
        steps: fc.array(
          fc.record(
            { file: hostileText, line: hostileText, run: hostileText, text: hostileText, reboot: fc.boolean() },
            { requiredKeys: [] },
          ),
          { maxLength: 3 },
        ),
      },
      { requiredKeys: ['summary'] },
    ),
  ),
});

/** Reports in which every text is hostile. */
export const hostileReport: fc.Arbitrary<Report> = fc
  .record({
    suite: hostileText,
    verdict: fc.constantFrom('GO', 'NO-GO', 'INCONCLUSIVE'),
    startedAt: hostileText,
    host: fc.option(hostileText),
    summary: hostileText,
    results: fc.array(hostileResult, { maxLength: 6 }),
  })
  .map(({ host, summary, ...given }) => aReport({ ...given, subject: { host, domain: null, summary } }));
