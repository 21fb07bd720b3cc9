import { jsonText } from "../../text";
import { countsOfAll, gateText, passes, policyCure, type ReviewReport } from "./review-report";

/** A review for programs. Fields may be added within a version, none is renamed or removed. */
export function reviewJson(report: ReviewReport): string {
    return jsonText({
        version: 1,
        passed: passes(report),
        ...(gateText(report) === undefined ? {} : { stopped: gateText(report) }),
        failOn: [...report.failOn],
        counts: countsOfAll(report.reviews),
        stacks: report.reviews.map((review) => ({
            ...review,
            refusals: review.refusals.map((refusal) => ({ ...refusal, cure: policyCure })),
        })),
    });
}
