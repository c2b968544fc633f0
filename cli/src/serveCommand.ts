import { writeCompileCacheSoon } from '@evenkeel/lab/compileCache';
import { startService } from '@evenkeel/sidecar/main';
import { printableSettings } from '@evenkeel/sidecar/settings/printableSettings';
import { onInterrupt } from './interrupt.ts';
import { type ServiceFlags, serviceSettings } from './serviceSettings.ts';
import type { ClusterFlags } from './subject.ts';
import { EXIT, UsageError } from './usageError.ts';

/** `evenkeel serve`: the service until SIGTERM or Ctrl-C, which drain within the limit of the settings. */
export async function serveCommand(flags: ServiceFlags & ClusterFlags & { printConfig?: boolean }): Promise<number> {
  const settings = serviceSettings(flags);
  if (flags.printConfig) {
    process.stdout.write(printableSettings(settings));
    return EXIT.passed;
  }
  const interrupt = onInterrupt();
  try {
    const service = await startService(settings).catch((error: Error) => {
      throw new UsageError(`${error.message} (--listen HOST:PORT chooses another address)`);
    });
    // A service that is killed starts again, and is to be quick then.
    writeCompileCacheSoon();
    await interrupt.first;
    await service.close();
    return EXIT.passed;
  } finally {
    interrupt.release();
  }
}
