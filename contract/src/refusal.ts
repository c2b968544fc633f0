import { PROBLEMS, type Problem, type ProblemName } from './problem.ts';
import { seenLines } from './unseenText.ts';

type Extras = Partial<Pick<Problem, 'errors' | 'runId' | 'retryAfterSeconds'>>;

/** Thrown by a use case that will not do what was asked; the API answers with it as a problem. */
export class Refusal extends Error {
  readonly problem: ProblemName;
  readonly extras: Extras;

  /** `detail` says what was wrong, where, and what to do; what cannot be seen in it is written out. */
  constructor(problem: ProblemName, detail: string, extras: Extras = {}) {
    super(seenLines(detail));
    this.name = 'Refusal';
    this.problem = problem;
    this.extras = extras;
  }

  get status(): number {
    return PROBLEMS[this.problem].status;
  }
}
