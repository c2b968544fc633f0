import { command } from './command/command.ts';
import { stopWhenUnread } from './command/unreadOutput.ts';

stopWhenUnread(process.stdout, process.stderr);
process.exitCode = await command(process.argv.slice(2));
