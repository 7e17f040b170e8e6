import type { Progress } from '../../provision/apply/execute.ts';
import { type Chain, phasesOf } from '../../provision/apply/schedule.ts';
import type { Plan } from '../../provision/plan/model.ts';
import { objectWords } from '../../provision/plan/plan-text.ts';
import { oneLine } from '../../report/sanitize.ts';
import { shorten } from '../../report/wrap.ts';
import { actionWords } from './action-words.ts';
import type { ProgressView } from './plain-progress.ts';

/** What a task of the list shows. */
interface Watcher {
  readonly show: (text: string) => void;
  /** `''`: done; else why not. */
  readonly end: (reason: string) => void;
}

/** A task of the list: all actions about one object, one after the other. Its task can begin after them, and end before. */
interface Row extends Watcher {
  readonly title: string;
  /** Those of its actions that were not done yet. */
  readonly left: Set<number>;
  watch(watcher: Watcher): void;
}

const NOT_DONE = 'not done';
const SHOW_CURSOR = '\u001b[?25h';

/** A list on a terminal that shows at every moment what is done, what runs and what waits, drawn by listr2. */
export async function listrProgress(plan: Plan): Promise<ProgressView> {
  const { DefaultRenderer, Listr, ProcessOutput, ListrLogger } = await import('listr2');
  const rows = phasesOf(plan.actions).flatMap(({ chains }) => chains.map((chain) => rowOf(chain, plan)));
  const byIndex = new Map(rows.flatMap((row) => [...row.left].map((index) => [index, row] as const)));
  const tasks = rows.map((row) => ({
    title: row.title,
    task: async (_: unknown, task: { output: string | object; skip(message: string): void }): Promise<void> => {
      const reason = await new Promise<string>((end) => row.watch({ show: (text) => (task.output = text), end }));
      if (reason === NOT_DONE) task.skip(`${row.title}: ${NOT_DONE}`);
      else if (reason !== '') throw new Error(`${row.title}: ${reason}`);
    },
  }));
  // It draws on standard error, also where standard output is no terminal: that has the JSON.
  const processOutput = new ProcessOutput(process.stderr, process.stderr);
  const list = new Listr(tasks, {
    renderer: class extends DefaultRenderer {
      static override nonTTY = true;
    },
    rendererOptions: { logger: new ListrLogger({ useIcons: true, processOutput, toStderr: [] }), collapseErrors: true },
    concurrent: 4,
    exitOnError: false,
    registerSignalListeners: false,
  });
  process.once('exit', showCursor);
  const drawn = list.run();
  return {
    onProgress: (progress) => follow(progress, byIndex.get(progress.index)),
    note: (line) => rows.find(({ left }) => left.size > 0)?.show(oneLine(line)),
    async end() {
      for (const row of rows) row.end(NOT_DONE);
      await drawn;
      process.removeListener('exit', showCursor);
    },
  };
}

/** A second Ctrl-C ends the process in the middle of the drawing. */
function showCursor(): void {
  process.stderr.write(SHOW_CURSOR);
}

function follow(progress: Progress, row: Row | undefined): void {
  if (row === undefined) return;
  if (progress.state === 'begun') row.show(actionWords(progress.action));
  else if (progress.state === 'failed') row.end(oneLine(progress.message));
  else {
    row.left.delete(progress.index);
    if (row.left.size === 0) row.end('');
  }
}

function rowOf({ actions: chain }: Chain, { actions }: Plan): Row {
  const own = chain.flatMap((index) => actions[index] ?? []);
  const what = own.map(({ summary }) => summary).join('; ');
  const title = oneLine(shorten(`${objectWords(own[0]?.object ?? null)}: ${what}`, 100));
  let watcher: Watcher | null = null;
  let shown: string | null = null;
  let reason: string | null = null;
  return {
    title,
    left: new Set(chain),
    show(text) {
      shown = text;
      watcher?.show(text);
    },
    end(why) {
      reason ??= why;
      watcher?.end(reason);
    },
    watch(given) {
      watcher = given;
      if (shown !== null) given.show(shown);
      if (reason !== null) given.end(reason);
    },
  };
}
