import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** A stored value that unpacks to more than this was not written by us. */
const MAX_UNPACKED = 512 * 1024 * 1024;
const FAST = { [constants.ZSTD_c_compressionLevel]: 1 };

/** A JSON value as it lies in the store: zstd at its fastest level. */
export const pack = (value: unknown): Uint8Array => zstdCompressSync(JSON.stringify(value), { params: FAST });

/** What `pack` was given. The caller knows its type: nobody else writes these columns. */
export const unpack = <T>(packed: Uint8Array): T =>
  JSON.parse(zstdDecompressSync(packed, { maxOutputLength: MAX_UNPACKED }).toString()) as T;

/**
 * A second of a run is mostly field names, and too short for a compressor to learn them: this is what they look like. What was packed
 * with it can only be read with it, so it is never to be changed; a new shape of samples gets a second dictionary and column.
 */
const SAMPLE_DICTIONARY = Buffer.from(
  '"needs-more-data","not-applicable","imbalanced","warming","draining","strained","saturated","starved","hot","cold",' +
    '{"pod":"pod-10","requests":0,"errors":0,"meanMs":null,"p95Ms":null,"p99Ms":null,"ready":false,"cpuCores":null,"memoryBytes":null,"activeConnections":null},' +
    '"work":{"scorePercent":99.5,"cv":0.005,"busiestPod":"pod-1","busiestRatio":1.01,"sentence":"Work is even: the busiest pod did 1x its share."},' +
    '"work":null,"measures":null,"guards":[],"effectiveDecisions":null,"requestsNeeded":null,' +
    '"measures":{"jain":1,"maxOverMean":1,"minOverMean":1,"gini":0,"totalVariation":0,"chiSquare":0,"chiSquareP":1},' +
    '"perPod":[{"pod":"pod-1","requests":1000,"expected":1000,"share":0.25,"expectedShare":0.25,"ratio":1,"noiseLowShare":0.24,"noiseHighShare":0.26,"z":0,"significant":false,"leaked":0},' +
    '{"second":10,"at":1795460957914.797,"phase":"measuring","offered":1000,"sent":1000,"completed":1000,"dropped":0,"inFlight":1,"users":null,' +
    '"outcomes":{"ok":1000,"http-4xx":0,"http-5xx":0,"timeout":0,"connect":0,"reset":0,"tls":0,"other":0},' +
    '"response":{"count":1000,"mean":6.1,"p50":6.0475,"p90":12.1,"p95":19.3275,"p99":30.5915,"p999":40.5,"max":58.3},' +
    '"service":{"count":1000,"mean":6.1,"p50":6.0475,"p90":12.1,"p95":19.3275,"p99":30.5915,"p999":40.5,"max":58.3},"unattributed":0,' +
    '"balance":{"verdict":"balanced","cause":"even","sentence":"Even: each of 4 pods got 1x its share of 1,000 requests; score 100.0 (100.0 to 100.0).","targetPercent":95,' +
    '"scorePercent":100,"lowPercent":100,"highPercent":100,"rawPercent":99.9,"cv":0.001,"correctedCv":0,"noiseFloorCv":0.03,"requests":1000,"requestsNeeded":null,"pods":4,"unattributed":0,"unattributedShare":0,"guards":[],"effectiveDecisions":null,' +
    '"generator":{"state":"ok","reasons":[],"eventLoopUtilisation":0.1,"eventLoopDelayP99Ms":0.2,' +
    '"lateness":{"count":1000,"mean":0.1,"p50":0.1,"p90":0.2,"p95":0.3,"p99":1,"p999":2,"max":5},"dropped":0,"cpuCores":0.1,"openConnections":100},' +
    '"pods":[{"pod":"pod-1","requests":250,"errors":0,"meanMs":6.1,"p95Ms":19.3,"p99Ms":30.5,"ready":true,"cpuCores":0.1,"memoryBytes":91611136,"activeConnections":2},'
);

/** One second of a run as it lies in the store. */
export const packSample = (sample: unknown): Uint8Array =>
  zstdCompressSync(JSON.stringify(sample), { dictionary: SAMPLE_DICTIONARY, params: FAST });

/** What `packSample` was given. */
export const unpackSample = <T>(packed: Uint8Array): T =>
  JSON.parse(
    zstdDecompressSync(packed, { dictionary: SAMPLE_DICTIONARY, maxOutputLength: MAX_UNPACKED }).toString()
  ) as T;
