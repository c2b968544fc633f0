import { startFakeService } from './fakeService.ts';

// The API over fakes as a process of its own, for tests that try to bring it down. Prints its port; ends with its standard input.
// Node ends the process on an unhandled rejection, so a test that still gets answers at its end knows that there was none.
const service = await startFakeService({ targets: ['shop', 'basket'], load: { tickMs: 100 } });
console.log(service.port);
process.stdin.resume();
process.stdin.on('end', () => {
  if (service.mistakes.length > 0) console.error(JSON.stringify(service.mistakes));
  process.exit(service.mistakes.length > 0 ? 1 : 0);
});
