import { CONNECTION_POLICIES } from '@evenkeel/contract/connectionPolicy';
import { DEFAULT_TARGET_PERCENT } from '@evenkeel/contract/targetPercent';
import { seenLines } from '@evenkeel/contract/unseenText';
import { VERSION } from '@evenkeel/contract/version';
import { EMBEDDED_FLAGS } from '@evenkeel/lab/embeddedOptions';
import { Command, CommanderError, Option } from 'commander';
import { demoCommand } from './demoCommand.ts';
import { podsCommand } from './podsCommand.ts';
import { previewCommand } from './previewCommand.ts';
import { runCommand } from './runCommand.ts';
import {
  deleteScenario,
  duplicateScenario,
  exportScenario,
  importScenario,
  listScenarios,
} from './scenariosCommand.ts';
import { serveCommand } from './serveCommand.ts';
import { EXIT, UsageError } from './usageError.ts';

const collect = (value: string, previous: string[] = []) => [...previous, value];

/** Runs the `evenkeel` command and returns its exit code. Mistakes of the person end in a line on stderr, never in a stack trace. */
export async function command(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.usage;
  const program = build((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.usage;
    if (error instanceof UsageError) {
      for (const line of error.message.split('\n')) process.stderr.write(`evenkeel: ${line}\n`);
      return EXIT.usage;
    }
    throw error;
  }
}

const EXIT_CODES =
  'Exit codes: 0 balanced and all thresholds met, 1 not, 2 the command could not be carried out, 3 inconclusive.';

function build(finish: (exitCode: number) => void): Command {
  const program = new Command('evenkeel')
    .description('Is the load on my pods even, why not, and what do I change?')
    .version(VERSION, '-V, --version', 'print the version')
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({ outputError: (text, write) => write(seenLines(text.replace(/^error: /, 'evenkeel: '))) })
    .addHelpText(
      'after',
      `
Examples:
  evenkeel run                                      500 requests/s at four embedded pods for 20 s
  evenkeel run high-traffic --policy random         a built-in scenario, another balancing policy
  evenkeel run --users 50 --mode connection         closed model; decisions per connection, as kube-proxy makes them
  evenkeel run --target http://127.0.0.1:8080/ \\
      --attribute header:X-Pod-Name --rate 200      any service whose pods name themselves
  evenkeel run checkout.yaml --json report.json     a scenario file, and a report for machines

${EXIT_CODES}
"evenkeel COMMAND --help" lists the flags of a command.`
    );

  const run = program
    .command('run')
    .argument('[scenario]', 'a built-in scenario (high-traffic, spike, sustained, gradual-ramp) or a JSON or YAML file')
    .description('load a target, attribute every response to its pod, and say whether the load was balanced');
  scenarioOptions(run);
  targetOptions(run);
  clusterOptions(run);
  run.addHelpText(
    'after',
    `
${EXIT_CODES}
Ctrl-C stops the load, waits for the last answers and reports; a second one cuts off.`
  );
  outputOptions(run).action(async (scenario, flags) => finish(await runCommand(scenario, flags)));

  const demo = program
    .command('demo')
    .argument('[scenario]', 'as for "run"')
    .description(
      'bring up the embedded cluster and the service, run a scenario, and stay up to explore (what "npm start" does)'
    )
    .option('--once', "exit after the report with the verdict's exit code");
  scenarioOptions(demo);
  clusterOptions(demo);
  serviceOptions(demo);
  outputOptions(demo).action(async (scenario, flags) => finish(await demoCommand(scenario, flags)));

  const preview = program
    .command('preview')
    .argument('[scenario]', 'as for "run"; without it and without flags: all built-in scenarios')
    .description('draw the load of a scenario without sending any');
  preview.option('--yaml', 'print the scenario as a file to start from instead');
  scenarioOptions(preview).action(async (scenario, flags) => finish(await previewCommand(scenario, flags)));

  const scenarios = program
    .command('scenarios')
    .description('the scenarios of a running service; a token for it is read from EVENKEEL_TOKEN');
  const manage = (command: Command) =>
    command.option('--service <url>', 'address of the service (default: http://127.0.0.1:8787)');
  manage(scenarios.command('list').description('all of them, the built-in ones first')).action(async (flags) =>
    finish(await listScenarios(flags))
  );
  manage(scenarios.command('export').argument('<id>').argument('[file]', 'JSON when it ends in .json, else YAML'))
    .description('write one to a file, or to the screen')
    .action(async (id, file, flags) => finish(await exportScenario(id, file, flags)));
  manage(scenarios.command('import').argument('<file>', 'JSON or YAML'))
    .description('save a file in the service')
    .option('--id <id>', 'create or replace this one (default: a new id, made from the name)')
    .action(async (file, flags) => finish(await importScenario(file, flags)));
  manage(scenarios.command('duplicate').argument('<id>'))
    .description('save a copy, also of a built-in one')
    .option('--name <name>', 'name of the copy')
    .action(async (id, flags) => finish(await duplicateScenario(id, flags)));
  manage(scenarios.command('delete').argument('<id>'))
    .description('delete a saved one')
    .action(async (id, flags) => finish(await deleteScenario(id, flags)));

  const serve = program.command('serve').description('run the service: API, live streams, history, Prometheus metrics');
  serviceOptions(serve);
  clusterOptions(serve);
  serve
    .option('--print-config', 'print the effective configuration without secrets, and exit')
    .action(async (flags) => finish(await serveCommand(flags)));

  const pods = program.command('pods').description('run the embedded cluster alone, to load it with any tool');
  clusterOptions(pods);
  pods.action(async (flags) => finish(await podsCommand(flags)));
  return program;
}

function scenarioOptions(command: Command): Command {
  return command
    .optionsGroup('Load:')
    .option('--rate <n>', 'open model: requests per second')
    .option('--stage <spec>', 'open model: RATE@SECONDS or FROM-TO@SECONDS, repeat for more stages', collect)
    .option('--users <n>', 'closed model: simultaneous users, 10 to 1000')
    .option('--spawn-rate <n>', 'closed model: users started per second, 1 to 100')
    .option('--think-time <ms>', 'closed model: pause of a user between requests')
    .option('--duration <s>', 'length of the load, 10 to 600 s')
    .option('--warmup <s>', 'first part that loads but does not count (default: 2 s)')
    .option('--drain <s>', 'time for the last answers to come in (default: 5 s)')
    .option('--allow-any', 'lift the everyday limits of the flags above')
    .optionsGroup('Request:')
    .option('--method <verb>', 'GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS')
    .option('--path <path>', "path and query, behind the target's path (default: those of the target)")
    .option('--header <line>', '"Name: value", repeat for more, also of the same name', collect)
    .option('--body <text>', 'request body')
    .option('--timeout <ms>', 'a later answer counts as a timeout (default: 10000)')
    .option(
      '--expect <statuses>',
      'statuses that count as success, like 2xx,404 (default: 2xx,3xx; redirects are not followed)'
    )
    .optionsGroup('Connections:')
    .addOption(new Option('--connection-policy <policy>', 'who shares a connection').choices(CONNECTION_POLICIES))
    .option('--connections <n>', 'connections open at once; open model: also requests in flight (default: 100)')
    .option('--http2', 'speak HTTP/2: negotiated over TLS, from the first byte without')
    .option('--streams <n>', 'requests at once over one connection, with --http2 (1 to 250; 1)')
    .option('--max-requests-per-connection <n>', 'replace a connection after so many requests')
    .option('--max-connection-age <s>', 'replace a connection at this age')
    .option('--max-head <bytes>', 'largest head of an answer that is read (default: 65536)')
    .optionsGroup('Failures (embedded cluster):')
    .option(
      '--fault <plan>',
      'type:what@start+duration: "latency:high@5s+10s", "errors:20%,pods=2@5s+10s", "pod-failure:low@5s+10s"; repeat',
      collect
    )
    .optionsGroup('Verdict:')
    .option(
      '--fail-under <score>',
      `balance score that must be reached (default: ${DEFAULT_TARGET_PERCENT}; demo: as the service is set)`
    )
    .option(
      '--threshold <expression>',
      '"p99 < 500ms", "errorRate < 1%", "balance >= 95 over 30s for 10s, abort"; repeat',
      collect
    )
    .option('--p95 <ms>', 'the 95th percentile must be below this')
    .option('--p99 <ms>', 'the 99th percentile must be below this')
    .option('--error-rate <percent>', 'at most this share of the requests may fail; 0 allows none');
}

function targetOptions(command: Command): Command {
  return command
    .optionsGroup('Target (without --target: the embedded cluster):')
    .option('--target <url>', 'load this URL instead of the embedded cluster')
    .option(
      '--attribute <how>',
      'header:NAME (a pod names itself) or upstream:NAME (the balancer lists addresses); repeat',
      collect
    )
    .option('--pod <name[=ip:port]>', 'a pod that must get its share even if it never answers; repeat', collect);
}

function clusterOptions(command: Command): Command {
  command.optionsGroup('Embedded cluster:');
  for (const { name, placeholder, description, default: usual } of EMBEDDED_FLAGS) {
    command.option(`--${name} <${placeholder}>`, `${description} (default: ${usual})`);
  }
  return command;
}

function serviceOptions(command: Command): Command {
  return command
    .optionsGroup('Service:')
    .option('--config <file>', 'YAML configuration; EVENKEEL_* variables override it')
    .option('--listen <host:port>', 'where the service listens (default: 127.0.0.1:8787)');
}

function outputOptions(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .option('--json <file>', 'write the report as JSON')
    .option('--junit <file>', 'write the result as JUnit XML')
    .option('--html <file>', 'write the report as one self-contained page')
    .option('--markdown <file>', 'write the report as Markdown')
    .option('--quiet', 'print the verdict only');
}
