/** Bundles the command line into a folder; gives the path of its entry. */
export function bundle(outdir: string): Promise<string>;
