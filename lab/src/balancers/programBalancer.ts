import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BalancerSettings, Routing, UpstreamCounts } from '../proxy/balancerMessages.ts';
import type { Reaper } from '../reaper.ts';
import { RestartDelay } from '../restartDelay.ts';
import { AccessLog } from './accessLog.ts';
import type { Balancer, BalancerEvents } from './balancer.ts';
import { freePort } from './freePort.ts';
import { findProgram, Program, programVersion } from './program.ts';
import { createScratchFolder } from './scratchFolder.ts';

const LIVE_PATIENCE_MS = 20_000;
const STOP_PATIENCE_MS = 1000;
const LOOK_EVERY_MS = 10;

/** Where a program finds and leaves its files. */
export interface ProgramFolder {
  readonly configuration: string;
  /** Unix socket on which the program tells about itself. */
  readonly socket: string;
  /** Unix socket on which the main process takes commands, if the program has such a thing. */
  readonly mainSocket: string;
  /** One line per request: the addresses tried. Also the program's standard output. */
  readonly log: string;
  readonly scratch: string;
}

/** How one kind of program is configured and spoken to. */
export interface ProgramRecipe {
  readonly name: 'nginx' | 'haproxy';
  readonly title: string;
  args(folder: ProgramFolder): readonly string[];
  /** The whole configuration, with `revision` in it. @throws Error with a message for people, when it cannot be expressed. */
  configuration(settings: BalancerSettings, routing: Routing, folder: ProgramFolder, revision: number): string;
  /** Makes the main process read its configuration again. */
  reload(program: Program, folder: ProgramFolder): Promise<void>;
  /** How long old workers may go on accepting connections beside the new ones after a reload. */
  readonly overlapMs: number;
  /** The revision of the configuration that serves new connections now; null when the program does not answer. */
  liveRevision(folder: ProgramFolder): Promise<number | null>;
}

/** A real balancer program in front of the pods: generated configuration, reload on change, restart on death. */
export class ProgramBalancer implements Balancer {
  readonly title: string;
  readonly port: number;
  readonly folder: ProgramFolder;
  readonly #recipe: ProgramRecipe;
  readonly #path: string;
  readonly #settings: BalancerSettings;
  readonly #reaper: Reaper;
  readonly #events: BalancerEvents;
  readonly #delay = new RestartDelay();
  readonly #log: AccessLog;
  /** Every address that a pod ever had: the log outlives restarts. */
  readonly #podAt = new Map<string, string>();
  #program: Program | null = null;
  #startedAt = 0;
  #revision = 0;
  #routing: Routing;
  #changes: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;

  private constructor(
    recipe: ProgramRecipe,
    path: string,
    version: string,
    settings: BalancerSettings,
    routing: Routing,
    reaper: Reaper,
    events: BalancerEvents
  ) {
    this.#recipe = recipe;
    this.#path = path;
    this.title = `${recipe.title} ${version}`.trim();
    this.#settings = settings;
    this.port = settings.port;
    this.#routing = routing;
    this.#reaper = reaper;
    this.#events = events;
    const scratch = createScratchFolder();
    this.folder = {
      scratch,
      configuration: join(scratch, `${recipe.name}.conf`),
      socket: join(scratch, 'control.sock'),
      mainSocket: join(scratch, 'main.sock'),
      log: join(scratch, 'access.log'),
    };
    writeFileSync(this.folder.log, '');
    this.#log = new AccessLog(this.folder.log);
  }

  /** @throws Error with a message for people: not installed, port taken, policy unknown to it, or its own complaint. */
  static async start(
    recipe: ProgramRecipe,
    settings: BalancerSettings,
    routing: Routing,
    reaper: Reaper,
    events: BalancerEvents
  ): Promise<ProgramBalancer> {
    const path = findProgram(recipe.name);
    const port = await freePort(settings.port);
    const version = await programVersion(path);
    const balancer = new ProgramBalancer(recipe, path, version, { ...settings, port }, routing, reaper, events);
    try {
      balancer.#write(routing);
      await balancer.#launch();
    } catch (error) {
      await balancer.stop();
      throw error;
    }
    return balancer;
  }

  pids(): readonly number[] {
    const pid = this.#program?.process.pid;
    return pid === undefined ? [] : [pid];
  }

  route(routing: Routing): Promise<void> {
    const change = this.#changes.then(async () => {
      if (this.#stopping) return;
      this.#write(routing);
      this.#routing = routing;
      // A program that is down right now starts with what was just written.
      if (!this.#program?.running) return;
      const program = this.#program;
      await this.#recipe.reload(program, this.folder);
      await this.#live(program);
      await sleep(this.#recipe.overlapMs);
    });
    this.#changes = change.catch(() => {});
    return change;
  }

  async counts(): Promise<readonly UpstreamCounts[]> {
    await this.#log.read();
    const pods = new Map<string, UpstreamCounts>();
    for (const { pod } of this.#routing.pods) {
      pods.set(pod, { pod, decisions: 0, attempts: 0, failures: 0, outstanding: 0, ejected: false });
    }
    for (const [address, { decisions, attempts }] of this.#log.counts) {
      const sum = pods.get(this.#podAt.get(address) ?? '');
      if (sum === undefined) continue;
      pods.set(sum.pod, { ...sum, decisions: sum.decisions + decisions, attempts: sum.attempts + attempts });
    }
    return [...pods.values()];
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const program = this.#program;
    if (program !== null) {
      // Asked politely first: then its main process collects its workers.
      program.process.kill('SIGTERM');
      const timer = setTimeout(() => program.kill(), STOP_PATIENCE_MS);
      await program.gone;
      clearTimeout(timer);
    }
    rmSync(this.folder.scratch, { recursive: true, force: true });
  }

  #write(routing: Routing): void {
    for (const { pod, host, port } of routing.pods) if (port !== 0) this.#podAt.set(`${host}:${port}`, pod);
    const text = this.#recipe.configuration(this.#settings, routing, this.folder, this.#revision + 1);
    this.#revision++;
    const fresh = `${this.folder.configuration}.new`;
    writeFileSync(fresh, text);
    renameSync(fresh, this.folder.configuration);
  }

  async #launch(): Promise<void> {
    this.#startedAt = performance.now();
    // A killed program leaves its sockets behind, and would find its address in use.
    rmSync(this.folder.socket, { force: true });
    rmSync(this.folder.mainSocket, { force: true });
    const program = new Program(this.#path, this.#recipe.args(this.folder), this.folder.log, this.#reaper);
    this.#program = program;
    void program.gone.then(() => {
      if (this.#stopping) return;
      this.#events.died(program.complaint() || String(program.process.signalCode ?? program.process.exitCode));
      this.#restartLater();
    });
    await this.#live(program);
  }

  /** Waits until the configuration that was written last is the one that serves. */
  async #live(program: Program): Promise<void> {
    const { title } = this.#recipe;
    const deadline = performance.now() + LIVE_PATIENCE_MS;
    while ((await this.#recipe.liveRevision(this.folder)) !== this.#revision) {
      if (this.#stopping) return;
      if (!program.running) {
        await program.gone;
        throw new Error(`${title} did not start: ${program.complaint() || 'it said nothing'}`);
      }
      if (performance.now() > deadline) {
        throw new Error(`${title} did not take its configuration: ${program.complaint() || 'it said nothing'}`);
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  #restartLater(): void {
    this.#timer = setTimeout(
      () => {
        this.#launch().then(
          () => this.#events.restarted(),
          () => {}
        );
      },
      this.#delay.after(performance.now() - this.#startedAt)
    );
  }
}
