import { type Command, Option } from 'commander';

import { domainRules } from '../../../suites/domain.ts';
import { type Guest, GUEST_CHOICES, namedGuest } from '../../domain/guest.ts';
import { createFactStore } from '../../engine/fact-store.ts';
import { plannedFrom } from '../../engine/recorded.ts';
import { runChecks } from '../../engine/run.ts';
import { EXIT_CODES } from '../../engine/verdict.ts';
import type { GivenDefinition } from '../../facts/fact.ts';
import { noHost } from '../../host/none.ts';
import type { Report } from '../../report/model.ts';
import { UsageError } from '../../usage-error.ts';
import { VERSION } from '../../version.ts';
import { userConfig } from '../config.ts';
import { deliver, type DeliverOptions, FORMATS } from '../deliver.ts';
import { describing } from '../describing.ts';
import { isPath } from '../domain-input.ts';
import { openInputs } from '../domain-inputs.ts';
import { openSource, type OpenedSource } from '../host.ts';
import type { Io } from '../io.ts';
import { refuseConflicts } from '../lint-conflicts.ts';
import type { LintRun } from '../lint-run.ts';
import { collectPatterns } from '../patterns.ts';
import { phaseJudge, phaseOption, type PhaseOptions } from '../phase-option.ts';
import { withProgress } from '../progress.ts';
import { selectChecks } from '../select.ts';

interface LintOptions extends DeliverOptions, PhaseOptions {
  readonly from?: string;
  readonly host?: boolean;
  readonly guest?: string;
  readonly fix?: boolean;
  readonly diff?: boolean;
  readonly schema: boolean;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly strict?: boolean;
  readonly config?: string;
}

const SUITE = 'domain';

const EXAMPLES = `
Examples:
  $ passcheck lint win11                 a domain of libvirt, for this machine
  $ passcheck lint win11.xml             a file, by itself
  $ passcheck lint win11.xml --host      a file, for this machine
  $ passcheck lint win11.xml --from host.tar.gz     for a recorded one
  $ passcheck lint --host                every domain that libvirt has
  $ virsh dumpxml win11 | passcheck lint -
  $ passcheck lint win11.xml --diff      what --fix would change
  $ passcheck lint win11.xml --fix       change it; what you decide stays
  $ passcheck lint *.xml --format sarif --out lint.sarif

Exit codes: 0 GO · 1 NO-GO · 2 wrong usage, nothing checked
            3 INCONCLUSIVE · 4 a bug in passcheck`;

/** `passcheck lint`: is this domain definition right, by itself and for its host? */
export function defineLint(command: Command, io: Io): void {
  command
    .description('Is this VM defined right, by itself and for its host? Without --fix it changes nothing; it never defines a domain.')
    .argument('[definition...]', 'XML files, names of domains that libvirt has, or - for standard input')
    .option('--host', 'judge files against this machine, too (names always are)')
    .option('--from <snapshot>', 'judge against a recorded host, and look names up in it')
    .option('--guest <system>', `what runs in it (default: what the definition says): ${GUEST_CHOICES}`)
    .option('--fix', 'mend what is safe and unambiguous, in place; a domain of libvirt goes into NAME.fixed.xml')
    .option('--diff', 'print what --fix would change, and change nothing')
    .option('--no-schema', "do not ask libvirt's virt-xml-validate")
    .option('--only <glob>', 'apply these rules only (cpu, pci/*, memory/balloon); can be repeated', collectPatterns)
    .option('--skip <glob>', 'leave these rules out; can be repeated', collectPatterns)
    .option('--strict', 'major findings count as blockers')
    .addOption(phaseOption())
    .option('--config <file>', 'the configuration (default: passcheck.yaml in this folder, when there is one)')
    .addOption(new Option('--format <format>', 'how to print it (default: by the ending of --out, else terminal)').choices(FORMATS))
    .option('--out <file>', 'write the report into a file, whole or not at all')
    .option('--verbose', 'list the rules that passed or did not apply, too')
    .option('--no-color', 'no colours, even on a terminal')
    .addHelpText('after', EXAMPLES)
    .action((names: readonly string[], options: LintOptions) => lint(names, options, io));
}

async function lint(names: readonly string[], options: LintOptions, io: Io): Promise<void> {
  const judgeByPhase = await phaseJudge(options);
  const run = await openRun(names, options);
  refuseConflicts(run.inputs, options);
  if (options.fix === true || options.diff === true) {
    const { mend } = await import('../mend.ts');
    return mend(run, options, io);
  }
  const schemas = options.schema
    ? await withProgress(io, 'asking virt-xml-validate', (await import('../schema-validation.ts')).validateSchemas(run.inputs))
    : null;
  const definitions = run.inputs.map((input) => {
    const schema = schemas?.get(input.label);
    return schema === undefined ? run.toDefinition(input) : { ...run.toDefinition(input), schema };
  });
  const report = judgeByPhase(await withProgress(io, 'judging', run.judge(definitions)));
  await deliver(report, options, io);
  io.exitCode = EXIT_CODES[report.verdict];
}

async function openRun(names: readonly string[], options: LintOptions): Promise<LintRun> {
  const selection = selectChecks(domainRules, options.only ?? [], options.skip ?? []);
  const guest = guestOption(options.guest);
  const isAboutHost = options.host === true || options.from !== undefined || names.some((name) => !isPath(name));
  const { host, clock, recordedConfig } = isAboutHost ? await openSource(options.from) : WITHOUT_HOST;
  const config = await userConfig({ path: options.config, isRecorded: options.from !== undefined, recordedConfig });
  const store = createFactStore({ host, context: { config }, now: () => clock.monotonic() });
  const inputs = await openInputs(names, isAboutHost ? store : null, config.connection);
  const judgeWith = async ({ run, skipped }: typeof selection, definitions: readonly GivenDefinition[]): Promise<Report> => {
    const context = { config, definitions };
    const [only, ...others] = definitions;
    const report = await runChecks({
      suite: SUITE,
      checks: run,
      skipped,
      ...(run.length === domainRules.length ? {} : { outOf: domainRules.length }),
      ...(only === undefined || others.length > 0 ? {} : { domain: only.label }),
      host,
      clock,
      context,
      version: VERSION,
      strict: options.strict ?? false,
      store: createFactStore({ host, context, now: () => clock.monotonic(), base: store }),
      ...describing(options, clock),
    });
    return options.from === undefined ? report : plannedFrom(report, options.from);
  };
  return {
    inputs,
    connection: config.connection,
    isRecorded: options.from !== undefined,
    toDefinition: ({ label, text, origin, problem }) =>
      text === null
        ? { label, unreadable: problem?.reason ?? 'there is no text', hint: problem?.hint ?? 'look at it by hand' }
        : { label, text, guest, isDefined: origin === 'libvirt' },
    judge: (definitions) => judgeWith(selection, definitions),
    judgeWithAll: (definitions) => judgeWith({ run: domainRules, skipped: [] }, definitions),
    isSelected: (id) => selection.run.some((rule) => rule.id === id),
  };
}

const WITHOUT_HOST: OpenedSource = {
  host: noHost(),
  clock: { wall: () => Date.now(), monotonic: () => performance.now() },
  recordedConfig: null,
};

function guestOption(name: string | undefined): Guest | undefined {
  if (name === undefined) return undefined;
  const guest = namedGuest(name);
  if (guest === null) throw new UsageError(`--guest ${name}: one of ${GUEST_CHOICES}`);
  return guest;
}
