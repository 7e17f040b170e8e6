import { modulesForAlias } from './host-drivers.ts';

/** The lines of `modules.alias` that can name a driver of these devices; `modalias` as in /sys. The rest is a megabyte. */
export function reduceModuleAliases(table: string, modaliases: readonly string[]): string {
  return table
    .split('\n')
    .filter((line) => line.startsWith('alias pci:') && modaliases.some((modalias) => modulesForAlias(`${line}\n`, modalias).length > 0))
    .map((line) => `${line}\n`)
    .join('');
}

/** The lines of `modules.dep` that say what the drivers of these devices need; `aliases` is the text of `modules.alias`. */
export function reduceModuleDependencies(table: string, aliases: string, modaliases: readonly string[]): string {
  const wanted = new Set(modaliases.flatMap((modalias) => modulesForAlias(aliases, modalias)));
  return table
    .split('\n')
    .filter((line) => wanted.has((/([^/:]{1,128})\.ko[.\w]{0,5}:/.exec(line)?.[1] ?? '').replaceAll('-', '_')))
    .map((line) => `${line}\n`)
    .join('');
}
