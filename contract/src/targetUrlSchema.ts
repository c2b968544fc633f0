import { z } from 'zod';
import { parseTargetUrl, TargetUrlError } from './targetUrl.ts';

/** A URL that can be loaded. It is kept as it was typed. */
export const targetUrlSchema = z.string().superRefine((text, context) => {
  try {
    parseTargetUrl(text);
  } catch (error) {
    if (!(error instanceof TargetUrlError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
});
