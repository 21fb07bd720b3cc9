import { notYetKnown, type ObservedRule, type RuleIssue, rulePropertyNames } from "../../rule";
import type { BucketEncryptionLifecycle } from "../bucket-encryption-lifecycle";
import type { DeclaredProperties } from "../bucket-encryption-properties";
import { DeclaredSet, overrideIssues } from "./declared-set";
import { type DeclaredMembers, unpackMembers } from "./members";
import { mostBuckets, setPropertyNames } from "./set-properties";

const mostIssues = 50;

/**
 * All faults of a set's declaration, each at a property of the set. Each bucket is checked as if it were declared alone, which
 * also tells the operation that it is declared.
 * @param inputs in canonical form
 */
export function setIssues(inputs: DeclaredProperties, single: BucketEncryptionLifecycle): RuleIssue[] {
    const { members } = inputs;
    const unpacked = typeof members === "string" ? unpackMembers(inputs as unknown as DeclaredMembers) : undefined;
    const issues = [
        ...unknownIssues(inputs),
        ...memberIssues(members, unpacked?.size),
        ...booleanIssues("atLeast", inputs.atLeast),
        ...overrideIssues(inputs, unpacked),
        ...bucketIssues(inputs, single),
    ];
    const distinct = [...new Map(issues.map((issue) => [`${issue.path} ${issue.message}`, issue])).values()];
    if (distinct.length <= mostIssues) return distinct;
    const rest = `has ${distinct.length - mostIssues} more faults that aren't listed here`;
    return [...distinct.slice(0, mostIssues), { code: "malformed", path: "buckets", message: rest }];
}

function unknownIssues(inputs: DeclaredProperties): RuleIssue[] {
    return Object.keys(inputs)
        .filter((name) => !(setPropertyNames as readonly string[]).includes(name))
        .map((path) => {
            const known = setPropertyNames.filter((name) => name !== "members" && name !== "membersSince");
            const message = `is not one of the properties of BucketEncryptionSet, which are ${known.join(", ")}`;
            return { code: "not-allowed", path, message };
        });
}

function memberIssues(members: unknown, count: number | undefined): RuleIssue[] {
    if (members === notYetKnown) return [];
    if (members === undefined)
        return [{ code: "required", path: "buckets", message: "is required: the buckets' names" }];
    if (count === undefined) {
        return [{ code: "malformed", path: "buckets", message: "isn't a list of buckets' names" }];
    }
    if (count <= mostBuckets) return [];
    const message = `are ${count}; one set can have ${mostBuckets}, so make several`;
    return [{ code: "not-allowed", path: "buckets", message }];
}

function booleanIssues(path: string, value: unknown): RuleIssue[] {
    if (value === undefined || value === notYetKnown || typeof value === "boolean") return [];
    return [{ code: "wrong-type", path, message: `must be true or false, not a value of type ${typeof value}` }];
}

function bucketIssues(inputs: DeclaredProperties, single: BucketEncryptionLifecycle): RuleIssue[] {
    const declared = new DeclaredSet(inputs);
    if (declared.members.size === 0) return single.check({ ...declared.shared, bucket: notYetKnown }).issues.slice();
    const examples = new Set(declared.examples());
    const rule = ruleOfAll(declared, single);
    const found: RuleIssue[] = [];
    for (const bucket of declared.members.keys()) {
        const declaration = declared.declarationOf(bucket);
        const issues = examples.has(bucket) ? single.check(declaration).issues : single.checkAlike(declaration, rule);
        for (const issue of issues) found.push(placed(issue, bucket, declared.isOverridden(bucket)));
    }
    return found;
}

/** The rule of the buckets that have no other. */
function ruleOfAll(declared: DeclaredSet, single: BucketEncryptionLifecycle): ObservedRule | undefined {
    return single.declaredRule({ ...declared.shared, bucket: notYetKnown });
}

/** An issue of one bucket as one of the set. */
function placed(issue: RuleIssue, bucket: string, isOverridden: boolean): RuleIssue {
    const { path, message } = issue;
    if (path === "bucket") {
        const aboutName = message.includes("bucket name") ? message : `bucket ${bucket} ${message}`;
        return { ...issue, path: "buckets", message: aboutName };
    }
    const isOfRule = (rulePropertyNames as readonly string[]).includes(path);
    return isOverridden && isOfRule ? { ...issue, path: `overrides.${bucket}.${path}` } : issue;
}
