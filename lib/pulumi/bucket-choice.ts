import type { BucketDirectory } from "../stores";

/** Selects buckets of an account: those in `names`, and the listed ones that match all other criteria. */
export interface BucketChoice {
    /** Buckets by name. They need not be in the account's list. */
    readonly names?: readonly string[];
    /** Patterns of names, of which a bucket must match one: `*` is any number of characters, `?` is one. */
    readonly patterns?: string | readonly string[];
    /** Tags that a bucket must have, with these values; `true` is any value. */
    readonly tags?: Readonly<Record<string, string | true>>;
    /** Regions, of which a bucket must be in one. */
    readonly regions?: readonly string[];
    /** Every bucket of the account. Only `names` and `regions` may be beside it. */
    readonly all?: boolean;
}

/** Buckets by their names, each with its region if that is known. */
export type ChosenBuckets = Map<string, { readonly region?: string }>;

/**
 * The buckets that exist now and match. Makes one request for each 1,000 buckets, and again for each tag. If a service cannot list by
 * tags or does not list regions, it makes one for each bucket.
 * @throws ServiceError when the account's list cannot be read completely
 */
export async function chooseBuckets(
    choice: BucketChoice,
    directory: Pick<BucketDirectory, "listBuckets">,
): Promise<ChosenBuckets> {
    const { names = [], regions, tags = {}, all } = choice;
    const patterns = listOf(choice.patterns);
    const chosen: ChosenBuckets = new Map(names.map((name) => [name, {}]));
    if (all !== true && patterns.length === 0 && regions === undefined && Object.keys(tags).length === 0) return chosen;
    const fits = patterns.map(namePattern);
    const prefix = commonPrefix(patterns);
    let listed: ChosenBuckets | undefined;
    for (const tag of tagQuestions(tags)) {
        const found: ChosenBuckets = new Map();
        const selection = { ...(prefix && { prefix }), ...(regions && { regions }), ...tag };
        for await (const { name, region } of directory.listBuckets(selection)) {
            if (fits.length > 0 && !fits.some((fitsName) => fitsName(name))) continue;
            if (listed === undefined || listed.has(name)) found.set(name, { region });
        }
        listed = found;
    }
    for (const [name, facts] of listed ?? []) chosen.set(name, facts);
    return chosen;
}

/** One listing for each tag, since the service accepts one; without tags one listing. */
function tagQuestions(tags: Readonly<Record<string, string | true>>): { tag?: { key: string; value?: string } }[] {
    const entries = Object.entries(tags);
    if (entries.length === 0) return [{}];
    return entries.map(([key, value]) => ({ tag: value === true ? { key } : { key, value } }));
}

/** The common beginning of all matching names, so that fewer buckets are listed. */
function commonPrefix([first, ...others]: readonly string[]): string {
    if (first === undefined || others.length > 0) return "";
    return /^[^*?]*/.exec(first)?.[0] ?? "";
}

/** A pattern of bucket names, with `*` and `?`, as a test of complete names. */
export function namePattern(pattern: string): (name: string) => boolean {
    // Loaded on first use: few programs choose buckets by patterns.
    const { patternMatcher }: typeof import("../text") = require("../text");
    return patternMatcher(pattern, { hasAnyOne: true });
}

export function listOf(value: string | readonly string[] | undefined): readonly string[] {
    return value === undefined ? [] : typeof value === "string" ? [value] : value;
}
