import { flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Beside the installed packages, where only the installing user writes; without the right to write there is just no cache. */
const FOLDER = fileURLToPath(new URL('../../../../node_modules/.cache/evenkeel-compiled', import.meta.url));

/** How long after its start a process has loaded whatever it loads. */
const LOADED_AFTER_MS = 1000;

/** Environment for child processes in which Node keeps our compiled modules: it halves the work of starting a pod. */
export function withCompileCache(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: FOLDER, ...environment };
}

/** Writes the cache while the process runs: Node does it only at an orderly exit, and children are killed. */
export function writeCompileCacheSoon(): void {
  setTimeout(flushCompileCache, LOADED_AFTER_MS).unref();
}
