import type { AddressReport, Ending } from '@evenkeel/contract/ending';
import { endingText } from '@evenkeel/contract/endingText';
import { DEFAULT_EXPECT } from '@evenkeel/contract/expectation';
import { FAILURES } from '@evenkeel/contract/failures';
import type { Report } from '@evenkeel/contract/report';
import type { Run } from '@evenkeel/contract/run';
import { countText, percentText } from '../text/figures.ts';

/** Share of the requests past which "nearly all" ended alike. */
const NEARLY_ALL = 0.95;
/** Chance below which failures that met one address alone are no coincidence. */
const COINCIDENCE = 1e-6;
/** Kinds of failure that one sentence names. */
const NAMED_KINDS = 3;
/** Share of the load that may go unsent before the run cannot vouch for the rest. */
const MOST_UNSENT = 0.01;
/** Share of requests sent twice past which a reader must know; fewer are a notice. */
const NOTABLE_RESENT = 0.1;
const REDIRECTS = new Set([300, 301, 302, 303, 305, 307, 308]);

type Figures = Pick<Report, 'totals' | 'endings' | 'addresses' | 'errorRatePercent'>;

export interface Headlines {
  /** Worst first, each in a sentence. */
  readonly sentences: string[];
  /** Those for which the run cannot vouch for the service: an address that is dead, nothing but errors, load that was never sent. */
  readonly doubts: string[];
}

/** What a reader must know of a run before its balance: addresses that do not answer, answers that are none, errors. */
export function headlines(figures: Figures, run: Run, wasAborted: boolean): Headlines {
  const address = addressSentence(figures, run);
  const alike = alikeSentence(figures, run);
  const errors = alike === null ? errorSentence(figures) : null;
  const dropped = droppedSentence(figures);
  const cutOff = cutOffSentence(figures, run, wasAborted);
  const sentences = [address?.sentence, alike?.sentence, errors, dropped, cutOff, resentSentence(figures)];
  const { scenario } = run;
  const judged = scenario.thresholds.some(({ metric }) => metric === 'errorRate');
  return {
    sentences: sentences.filter((sentence) => typeof sentence === 'string'),
    doubts: [
      ...(address?.isDead ? [address.sentence] : []),
      ...(alike?.isError && !judged ? [alike.sentence] : []),
      ...(dropped === null ? [] : [dropped]),
    ],
  };
}

/** An address that answers nothing, or that alone leaves requests without an answer, though others share its load. */
function addressSentence({ addresses, endings }: Figures, run: Run): { sentence: string; isDead: boolean } | null {
  const asked = addresses.filter(({ answered, unanswered }) => answered + unanswered > 0);
  const failing = asked.filter(({ unanswered }) => unanswered > 0);
  const dead = failing.filter(({ answered }) => answered === 0);
  const named = dead.length > 0 ? dead : failing.length === 1 ? failing : [];
  const others = asked.filter((one) => !named.includes(one));
  if (named.length === 0 || others.length === 0) return null;
  const failures = sum(named, ({ unanswered }) => unanswered);
  const [reached, all] = [sum(others, ({ answered }) => answered), sum(others, requestsTo)];
  // As likely as that all failures of addresses that are all alike fall on these by chance.
  const chance =
    dead.length > 0
      ? ((all - reached + 1) / (all + 1)) ** failures
      : (sum(named, requestsTo) / sum(asked, requestsTo)) ** failures;
  if (chance >= COINCIDENCE) return null;
  const host = new URL(run.target.url).hostname;
  const where = named.map(({ address }) => address).join(' and ') + whyAt(endings, named);
  const rest = others.length === 1 ? 'the other address' : `the other ${others.length} addresses`;
  const answered = `${rest} of ${host} answered ${countText(reached)} of ${countText(all)}`;
  const isDead = dead.length > 0;
  const sentence = isDead
    ? `No answer to any of ${countText(failures)} requests came from ${where}; ${answered}. Connections go to all addresses of a host in turn.`
    : `All ${countText(failures)} requests without an answer went to ${where}; ${answered}.`;
  return { sentence, isDead };
}

const requestsTo = ({ answered, unanswered }: AddressReport): number => answered + unanswered;

/** The most frequent failure whose example met one of these addresses. */
function whyAt(endings: readonly Ending[], at: readonly AddressReport[]): string {
  const met = endings.find(
    ({ failure, example }) => failure !== null && at.some((a) => a.address === example?.address)
  );
  return met ? ` (${FAILURES[met.failure!].text})` : '';
}

/** Nearly every request ended in one class of statuses that is no plain success, or without any answer. */
function alikeSentence({ endings }: Figures, run: Run): { sentence: string; isError: boolean } | null {
  const all = sum(endings, ({ count }) => count);
  const classes = Map.groupBy(endings, ({ status }) => (status === null ? 0 : Math.floor(status / 100)));
  for (const [kind, members] of classes) {
    const count = sum(members, (one) => one.count);
    const bad = sum(members, (one) => (one.outcome === 'ok' ? 0 : one.count));
    if (count < NEARLY_ALL * all) continue;
    if (kind === 0)
      return {
        sentence: `${shareWords(count, all, 'no request', 'requests')} got an answer that can be read: ${kinds(members)}.`,
        isError: true,
      };
    if (bad >= NEARLY_ALL * all) {
      const why = kind === 4 ? ' The target refused the requests as they were sent.' : '';
      return {
        sentence: `${shareWords(count, all, null, 'answers')} were ${kinds(members)}, not what the scenario expects.${why}`,
        isError: true,
      };
    }
    if (kind !== 3 || !expectsByDefault(run)) continue;
    const redirects = members.every(({ status }) => REDIRECTS.has(status!));
    return {
      sentence: redirects
        ? `${shareWords(count, all, null, 'answers')} were redirects (${kinds(members)}), which are not followed: what they point to was not loaded.`
        : `${shareWords(count, all, null, 'answers')} were ${kinds(members)}: hardly anything was served in full.`,
      isError: false,
    };
  }
  return null;
}

/** Nobody said that other statuses than usual are fine. */
const expectsByDefault = ({ scenario }: Run): boolean =>
  (scenario.mix?.map(({ request }) => request) ?? [scenario.request]).every(
    ({ expect }) => expect.join() === DEFAULT_EXPECT.join()
  );

function shareWords(count: number, all: number, none: string | null, what: string): string {
  if (none !== null)
    return count === all ? `None of the ${countText(all)} ${what}` : `Hardly any of the ${countText(all)} ${what}`;
  return count === all
    ? `All ${countText(all)} ${what}`
    : `${percentText((100 * count) / all)} of the ${countText(all)} ${what}`;
}

function errorSentence({ endings, errorRatePercent }: Figures): string | null {
  const failed = endings.filter(({ outcome }) => outcome !== 'ok');
  return failed.length === 0 ? null : `${percentText(errorRatePercent)} of the requests failed: ${kinds(failed)}.`;
}

function cutOffSentence({ totals: { cancelled } }: Figures, run: Run, wasAborted: boolean): string | null {
  if (cancelled === 0 || wasAborted) return null;
  return `${requestsText(cancelled)} still had no answer when the drain of ${run.scenario.drainSeconds} s ended; they count in the latencies with the age that they had.`;
}

const requestsText = (count: number): string => `${countText(count)} request${count === 1 ? '' : 's'}`;

/** Nothing is known of requests that were never sent: no threshold can see them. */
function droppedSentence({ totals: { dropped, offered } }: Figures): string | null {
  if (dropped <= MOST_UNSENT * offered) return null;
  return `${percentText((100 * dropped) / offered)} of the load (${countText(dropped)} of ${countText(offered)} requests) was never sent (every connection was busy, or this machine had no socket left), so neither latencies nor errors say anything about it.`;
}

function resentSentence({ totals: { resent, sent } }: Figures): string | null {
  if (resent <= NOTABLE_RESENT * sent) return null;
  return `${countText(resent)} of ${countText(sent)} requests had to be sent once more, since the target ended the connection before any byte of an answer or refused them unprocessed.`;
}

/** `301 Moved Permanently`, `300 × 503 Service Unavailable, 33 × connection refused`. */
function kinds(endings: readonly Ending[]): string {
  const named = endings.slice(0, NAMED_KINDS).map((one) => {
    const times = endings.length === 1 ? '' : `${countText(one.count)} × `;
    return `${times}${endingText(one)}`;
  });
  const more = endings.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${more} other kind${more === 1 ? '' : 's'}` : '');
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
