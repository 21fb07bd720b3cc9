import type { Extent } from "../extent";

/** What `npm run test:long -- --minutes N` gives each file of this folder. */
export const duration: Extent = { seconds: Number(process.env.TEST_SECONDS ?? 60) };

/** The whole time, for a file that has a worker of its own. */
export const wholeDuration: Extent = {
    seconds: Number(process.env.TEST_WHOLE_SECONDS ?? process.env.TEST_SECONDS ?? 60),
};
