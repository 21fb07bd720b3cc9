import { type ArgumentRow, notYetKnown, type RuleIssue, rulePropertyNames, valueIssues } from "../../rule";
import { isOfRule } from "../compare-declarations";
import { isRecord, type Properties } from "../declaration";
import type { DeclarationParser } from "../declaration-parser";
import { DeclaredSet } from "./declared-set";
import { type Members, unpackMembers } from "./members";
import { mostBuckets, setArgumentNames } from "./set-arguments";

const mostIssues = 50;

const reasonRow: ArgumentRow = {
    type: "string",
    role: "behaviour",
    description: "The reason, for people; no request contains it.",
};

/**
 * All faults of a set's declaration, each at a property of the set.
 * @param inputs in canonical form
 */
export function setIssues(inputs: Properties, parser: DeclarationParser): RuleIssue[] {
    const members = unpackMembers(inputs);
    return distinctIssues([
        ...unknownIssues(inputs),
        ...memberIssues(inputs.members, members?.size),
        ...overrideIssues(inputs, members),
        ...bucketIssues(inputs, parser),
    ]);
}

/** Each issue once, and no more than a person reads. */
export function distinctIssues(issues: readonly RuleIssue[]): RuleIssue[] {
    const distinct = [...new Map(issues.map((issue) => [`${issue.path} ${issue.message}`, issue])).values()];
    if (distinct.length <= mostIssues) return distinct;
    const rest = `has more faults than are listed here: ${distinct.length} in all`;
    return [...distinct.slice(0, mostIssues), { code: "malformed", path: "buckets", message: rest }];
}

/** An issue of one bucket as one of the set. */
export function issueOfSet(issue: RuleIssue, bucket: string, isOverridden: boolean): RuleIssue {
    const { path, message } = issue;
    if (path === "bucket") {
        const aboutName = message.includes("bucket name") ? message : `bucket ${bucket} ${message}`;
        return { ...issue, path: "buckets", message: aboutName };
    }
    return isOverridden && isOfRule(path) ? { ...issue, path: `overrides.${bucket}.${path}` } : issue;
}

function unknownIssues(inputs: Properties): RuleIssue[] {
    return Object.keys(inputs)
        .filter((name) => !(setArgumentNames as readonly string[]).includes(name))
        .map((path) => {
            const known = setArgumentNames.filter((name) => name !== "members" && name !== "membersSince");
            const message = `is not one of the properties of BucketEncryptionSet, which are ${known.join(", ")}`;
            return { code: "not-allowed", path, message };
        });
}

function memberIssues(members: unknown, count: number | undefined): RuleIssue[] {
    if (members === notYetKnown) return [];
    if (members === undefined)
        return [{ code: "required", path: "buckets", message: "is required: the buckets' names" }];
    if (count === undefined) {
        return [{ code: "malformed", path: "buckets", message: "is not a list of buckets' names" }];
    }
    if (count <= mostBuckets) return [];
    const message = `are ${count}; one set can have ${mostBuckets}, so make several`;
    return [{ code: "not-allowed", path: "buckets", message }];
}

/** The faults of each bucket's declaration. Buckets that only differ by their names from a checked one are checked by these. */
function bucketIssues(inputs: Properties, parser: DeclarationParser): RuleIssue[] {
    const declared = new DeclaredSet(inputs, parser);
    if (declared.members.size === 0) {
        return [...parser.parseDeclaration({ ...declared.shared, bucket: notYetKnown }).issues];
    }
    const examples = new Set(declared.examples());
    const found: RuleIssue[] = [];
    for (const bucket of declared.members.keys()) {
        const issues = examples.has(bucket)
            ? parser.parseDeclaration(declared.propertiesOf(bucket)).issues
            : parser.places.nameIssues(bucket, declared.shared);
        for (const issue of issues) found.push(issueOfSet(issue, bucket, declared.isOverridden(bucket)));
    }
    return found;
}

/** All faults of the overrides beside those of their rules. */
function overrideIssues({ overrides }: Properties, members: Members | undefined): RuleIssue[] {
    if (overrides === undefined || overrides === notYetKnown) return [];
    if (!isRecord(overrides)) {
        return [
            { code: "wrong-type", path: "overrides", message: "must be an object with a rule for each bucket's name" },
        ];
    }
    const allowed: readonly string[] = [...rulePropertyNames, "reason"];
    return Object.entries(overrides).flatMap(([bucket, override]): RuleIssue[] => {
        const path = `overrides.${bucket}`;
        if (override === notYetKnown) return [];
        if (!isRecord(override)) {
            return [{ code: "wrong-type", path, message: "must be a rule such as { sseAlgorithm }" }];
        }
        const unknown = Object.keys(override).filter((name) => !allowed.includes(name));
        return [
            ...unknown.map((name): RuleIssue => {
                return { code: "not-allowed", path: `${path}.${name}`, message: `is not one of ${allowed.join(", ")}` };
            }),
            ...valueIssues(`${path}.reason`, reasonRow, override.reason),
            ...(members === undefined || members.has(bucket)
                ? []
                : [{ code: "not-allowed", path, message: "is for a bucket that does not belong to the set" } as const]),
        ];
    });
}
