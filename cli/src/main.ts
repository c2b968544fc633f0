import { command } from './command.ts';
import { stopWhenUnread } from './unreadOutput.ts';

stopWhenUnread(process.stdout, process.stderr);
// Only the launcher on an older Node opens a channel to us: when it closes, whoever started us is gone.
process.channel?.unref();
process.on('disconnect', () => process.exit(1));
process.exitCode = await command(process.argv.slice(2));
