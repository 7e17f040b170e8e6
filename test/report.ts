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

/** A report about one definition, with a finding that --fix mends and one about a host that was not looked at. */
export const LINT_REPORT = aReport({
  suite: 'domain',
  verdict: 'NO-GO',
  subject: { host: null, domain: 'vms/win11.xml' },
  results: [
    aResult({
      id: 'domain/cpu/pins-unique',
      subject: 'vms/win11.xml',
      title: 'No two vCPUs share a host CPU',
      status: 'fail',
      message: 'vCPUs 2 and 5 are both pinned to CPU 3',
      evidence: [
        { source: 'vms/win11.xml:41', observed: "<vcpupin vcpu='5' cpuset='3'/>", expected: 'a CPU that no other vCPU has' },
        { source: 'vms/win11.xml:38', observed: "<vcpupin vcpu='2' cpuset='3'/>" },
      ],
      remedy: { summary: 'Give vCPU 5 a CPU of its own', steps: [{ run: 'passcheck pins --into vms/win11.xml' }] },
      location: {
        file: 'vms/win11.xml',
        line: 41,
        column: 5,
        endLine: 41,
        endColumn: 35,
        excerpt: { text: "    <vcpupin vcpu='5' cpuset='3'/>", column: 5, length: 30 },
      },
    }),
    aResult({
      id: 'domain/memory/balloon',
      subject: 'vms/win11.xml',
      title: 'The memory balloon is off',
      severity: 'major',
      status: 'fail',
      message: 'the memory balloon is a virtio device',
      evidence: [{ source: 'vms/win11.xml:160', observed: "<memballoon model='virtio'/>" }],
      remedy: {
        summary: 'Turn the balloon off',
        steps: [{ file: 'vms/win11.xml', text: 'inside <devices>', line: "<memballoon model='none'/>" }],
      },
      location: {
        file: 'vms/win11.xml',
        line: 160,
        column: 17,
        endLine: 160,
        endColumn: 31,
        excerpt: { text: "    <memballoon model='virtio'/>", column: 17, length: 14 },
      },
      edits: [{ start: 5120, end: 5126, text: 'none' }],
    }),
    aResult({
      id: 'domain/hyperv/vendor-id',
      subject: 'vms/win11.xml',
      title: 'Hyper-V has its own name',
      severity: 'info',
      status: 'fail',
      message: "vendor_id 'whatever' hides Hyper-V from drivers that no longer mind it",
      evidence: [{ source: 'vms/win11.xml:71', observed: "<vendor_id state='on' value='whatever'/>" }],
      remedy: { summary: 'Outdated advice, harmless: you may remove <vendor_id>' },
      location: {
        file: 'vms/win11.xml',
        line: 71,
        column: 7,
        excerpt: { text: "      <vendor_id state='on' value='whatever'/>", column: 7, length: 40 },
      },
    }),
    aResult({
      id: 'domain/pci/source-exists',
      subject: 'vms/win11.xml',
      title: 'Every device that is passed through is in the host',
      status: 'not-applicable',
      message: 'no host facts: --host judges against this machine, --from against a recorded one',
      evidence: [],
    }),
  ],
});

/** Bytes as a host can hold them: rubbish, markup of every output, escape sequences, bidirectional overrides, line ends. */
export const hostileText = fc.oneof(
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

const position = fc.integer({ min: 1, max: 300 });

const hostileLocation = fc.record(
  {
    file: hostileText,
    line: position,
    column: position,
    endLine: position,
    endColumn: position,
    excerpt: fc.record({ text: hostileText, column: position, length: position }),
  },
  { requiredKeys: ['file', 'line', 'column'] },
);

const plainResult = fc.record({
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

/** Half of them are somewhere in a file. */
const hostileResult: fc.Arbitrary<Result> = fc
  .tuple(plainResult, fc.option(hostileLocation))
  .map(([result, location]) => (location === null ? result : { ...result, location }));

/** Reports in which every text is hostile. */
export const hostileReport: fc.Arbitrary<Report> = fc
  .record({
    suite: hostileText,
    verdict: fc.constantFrom('GO', 'NO-GO', 'INCONCLUSIVE'),
    startedAt: hostileText,
    host: fc.option(hostileText),
    summary: hostileText,
    notice: hostileText,
    results: fc.array(hostileResult, { maxLength: 6 }),
  })
  .map(({ host, summary, ...given }) => aReport({ ...given, subject: { host, domain: null, summary } }));
