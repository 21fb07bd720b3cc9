import type { ReviewPreview } from "../rollout";

const classes: Record<string, string> = { create: "added", update: "changed", replace: "changed", delete: "removed" };

/** By the kind of step alone. */
export const reviewOfPreview: ReviewPreview = (document) => {
    const { steps = [] } = document as { steps?: { op: string; urn: string }[] };
    const changes = steps.flatMap(({ op, urn }) =>
        urn.includes("BucketEncryption::") && classes[op] ? [{ urn, class: classes[op] }] : [],
    );
    const counts: Record<string, number> = {};
    for (const change of changes) counts[change.class] = (counts[change.class] ?? 0) + 1;
    return { changes, counts };
};
