import { storeFamilyOf } from "../../stores";
import { isHidden } from "../resources/hidden-value";
import type { RuleDeclaration } from "../resources/rule-declaration";
import { type BucketSides, bucketChange } from "./bucket-change";
import { type ChangeClass, changeClasses, compareClasses } from "./change-class";
import type { EncryptionChange, StackReview } from "./encryption-change";
import type { PreviewFindings } from "./preview-step";
import { withUnreadRules } from "./unread-rules";

/** The declarations of one resource before and after a deployment. */
export interface ResourceSides {
    readonly urn: string;
    readonly before: readonly RuleDeclaration[];
    readonly after: readonly RuleDeclaration[];
    /** Whether the rule stays the same according to the engine. */
    readonly untouched: boolean;
    /** Whether the engine deletes or replaces it although it is protected. */
    readonly protectionIgnored?: boolean;
}

const noFindings: PreviewFindings = { failures: [], refusals: [], unread: [] };

/** Groups the declarations of resources by bucket, so that a rule that changes its owner is one change. */
export function stackReview(
    stack: string,
    resources: Iterable<ResourceSides>,
    findings: PreviewFindings = noFindings,
): StackReview {
    const buckets = new Map<string, BucketSides>();
    const all = [...resources];
    const declared = new Set(all.flatMap(({ after }) => after.map((one) => keyOf(one, serviceOf(after)))));
    for (const { urn, before, after, untouched, protectionIgnored = false } of all) {
        // A resource that moves to another service is one change, of the bucket there.
        const service = serviceOf([...after, ...before]);
        const add = (declaration: RuleDeclaration, side: "before" | "after") => {
            const key = keyOf(declaration, service) ?? `${declaration.store} ${urn}`;
            const sides = sidesFor(buckets, key, declaration);
            sides[side].push(declaration);
            if (untouched) sides.untouched.add(urn);
            return sides;
        };
        const goesWhere = after.some(({ bucket }) => isHidden(bucket));
        for (const declaration of before) {
            const sides = add(declaration, "before");
            const isLeft = !declared.has(keyOf(declaration, service));
            if (protectionIgnored) sides.protectionIgnored = true;
            if (goesWhere && isLeft && declaration.rule !== undefined) sides.leavesForHidden = true;
        }
        for (const declaration of after) add(declaration, "after");
    }
    const changes = [...buckets.values()].flatMap((sides) => bucketChange(stack, sides) ?? []);
    const classified = withUnreadRules(changes, findings.unread);
    return { stack, changes: sortedChanges(classified), counts: countsOf(classified), ...findings, notes: [] };
}

function keyOf({ store, bucket }: RuleDeclaration, service: string): string | undefined {
    return isHidden(bucket) ? undefined : `${store}:${bucket} ${service}`;
}

/** The service of a resource's buckets, where it is not the store's own cloud and may have a bucket of a name that the cloud has too. */
function serviceOf([declaration]: readonly RuleDeclaration[]): string {
    const family = storeFamilyOf(declaration?.store);
    const service = declaration?.access.service;
    if (family?.hasBucketsByEndpoint !== true || typeof service !== "string") return "";
    return service === family.serviceAt({}) ? "" : service;
}

function sidesFor(buckets: Map<string, BucketSides>, key: string, { store, bucket }: RuleDeclaration): BucketSides {
    const present = buckets.get(key);
    if (present !== undefined) return present;
    const made: BucketSides = {
        store,
        bucket: isHidden(bucket) ? undefined : bucket,
        before: [],
        after: [],
        untouched: new Set(),
        leavesForHidden: false,
        protectionIgnored: false,
    };
    buckets.set(key, made);
    return made;
}

/** The worst first, then by bucket and resource. */
export function sortedChanges(changes: readonly EncryptionChange[]): EncryptionChange[] {
    const text = ({ bucket = "", urn }: EncryptionChange) => `${bucket}\n${urn}`;
    return [...changes].sort(
        (one, other) => compareClasses(one.class, other.class) || (text(one) < text(other) ? -1 : 1),
    );
}

export function countsOf(changes: readonly EncryptionChange[]): Readonly<Record<ChangeClass, number>> {
    const counts = Object.fromEntries(changeClasses.map((name) => [name, 0])) as Record<ChangeClass, number>;
    for (const change of changes) counts[change.class] += 1;
    return counts;
}
