import { type CisRecommendation, cisRecommendationNames, meetsCis, type ObservedRule } from "../../rule";
import { storeFamilyOf } from "../../stores";
import type { CisStatus } from "./audit-report";

/** Whether a rule meets each recommendation; `undefined` where the benchmark is not about the store. */
export function cisOf(
    store: string,
    rule: ObservedRule | "none" | "not-known",
): Readonly<Record<CisRecommendation, CisStatus>> | undefined {
    if (!storeFamilyOf(store)?.benchmarks.includes("cis-alibaba-cloud")) return undefined;
    const statusOf = (name: CisRecommendation): CisStatus => {
        if (rule === "not-known") return "not-known";
        return meetsCis(name, rule === "none" ? undefined : rule) ? "met" : "not-met";
    };
    return Object.fromEntries(cisRecommendationNames.map((name) => [name, statusOf(name)])) as Record<
        CisRecommendation,
        CisStatus
    >;
}
