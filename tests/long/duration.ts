import type { Extent } from "../extent";

/** What `npm run test:long -- --minutes N` gives each file of this folder. */
export const duration: Extent = { seconds: Number(process.env.TEST_SECONDS ?? 60) };
