import { fillHistory } from './fullHistory.ts';

// A process of its own, so that what it takes to fill a history is not taken for the memory of the service:
// `fillHistoryProcess.ts <database> <runs> <scenarios> <faults> <seconds>`.
const [file, ...amounts] = process.argv.slice(2) as [string, ...string[]];
const [runs, scenarios, faults, seconds] = amounts.map(Number) as [number, number, number, number];
await fillHistory(file, { runs, scenarios, faults, seconds });
