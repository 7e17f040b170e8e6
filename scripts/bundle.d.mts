/** Bundles the command line into a folder; gives the path of its entry. */
export function bundle(outdir: string): Promise<string>;
/** Keeps what V8 compiles while the given command lines run. */
export function compile(outdir: string, runs: readonly (readonly string[])[]): void;
