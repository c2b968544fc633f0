import { z } from 'zod';

/** How a service came back after a spike. Seconds are of the run, latencies 95th percentiles of one second in milliseconds. */
export const spikeRecoverySchema = z
  .strictObject({
    /** When the rate left its base, and when it was back. */
    spikeFromSecond: z.number().min(0),
    spikeToSecond: z.number().min(0),
    /** Median before the spike, and the limit that counts as back to normal; no limit when recovery cannot be told. */
    baselineP95Ms: z.number().min(0).nullable(),
    limitP95Ms: z.number().min(0).nullable(),
    /** Worst second from the start of the spike on. */
    worstP95Ms: z.number().min(0).nullable(),
    /** From the end of the spike until the service was and stayed as before, in whole seconds rounded up; null when it never was. */
    recoverySeconds: z.number().min(0).nullable(),
    sentence: z.string(),
  })
  .meta({ id: 'SpikeRecovery' });

export type SpikeRecovery = z.infer<typeof spikeRecoverySchema>;
