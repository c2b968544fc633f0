import { type Comparison, comparisonSchema } from '@evenkeel/contract/comparison';
import { callService } from './callService.ts';
import { type Resource, useResource } from './useResource.ts';

/** What changed from `baseline` (the target's marked one when undefined) to `candidate`, with significance. */
export const useComparison = (candidate: string | null, baseline: string | undefined): Resource<Comparison> =>
  useResource(
    `comparison ${candidate} ${baseline}`,
    candidate === null
      ? null
      : (signal) => callService(comparisonSchema, { path: 'runComparison', id: candidate, query: { baseline }, signal })
  );
