/** One pod of the demo target in a container of its own: the very server that the embedded cluster runs as a process. */
import type { PodReport, PodSettings } from '../lab/src/pod/podMessages.ts';
import { PodServer } from '../lab/src/pod/podServer.ts';

const env = process.env;
const {
  POD_NAME = 'pod',
  POD_HOST = '0.0.0.0',
  POD_PORT = '8080',
  POD_SERVICE_TIME_MS = '5',
  POD_CAPACITY = '1',
} = env;

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  console.error(`evenkeel: ${name}="${text}" must be a number above 0.`);
  process.exit(2);
}

const settings: PodSettings & { readonly host: string } = {
  name: POD_NAME,
  host: POD_HOST,
  port: positive('POD_PORT', POD_PORT),
  serviceTime: { kind: 'exponential', meanMs: positive('POD_SERVICE_TIME_MS', POD_SERVICE_TIME_MS) },
  capacity: positive('POD_CAPACITY', POD_CAPACITY),
  concurrency: 64,
  queue: 1024,
  seed: [...POD_NAME].reduce((seed, letter) => seed * 31 + letter.charCodeAt(0), 7) % 1_000_003,
};

const pod = new PodServer(settings, (report: PodReport) => {
  if (report.type === 'listening') console.log(`evenkeel: ${settings.name} listens on ${settings.host}:${report.port}`);
  if (report.type === 'failed') console.error(`evenkeel: ${settings.name} cannot listen: ${report.message}`);
});
process.on('SIGTERM', () => process.exit(0));
pod.listen();
