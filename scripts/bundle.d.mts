/** Bundles the command line into a folder; gives the path of its entry. */
export function bundle(outdir: string): Promise<string>;
/** Compiles what was bundled, by judging a recorded host with it. */
export function compile(outdir: string, snapshot: string): void;
