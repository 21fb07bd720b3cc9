import type { BucketDirectory } from "../stores";
import { patternMatcher } from "../text";

/** Which buckets of an account are meant. Those that are named, and those of the list that all the rest of it fits. */
export interface BucketChoice {
    /** Buckets by name. They aren't looked for in the account's list. */
    readonly names?: readonly string[];
    /** Patterns of names, of which one has to fit: `*` is any run of characters, `?` any one. */
    readonly patterns?: string | readonly string[];
    /** Tags that a bucket has to have, with these values, or with any where the value is `true`. */
    readonly tags?: Readonly<Record<string, string | true>>;
    /** Regions, of which a bucket has to be in one. */
    readonly regions?: readonly string[];
    /** Every bucket of the account; nothing else but `names` and `regions` may be beside it. */
    readonly all?: boolean;
}

/** Buckets by their names, each with its region where that is known. */
export type ChosenBuckets = Map<string, { readonly region?: string }>;

/**
 * The buckets that are there now and fit. Makes one request for each 1,000 buckets, and again for each tag; a service that can't
 * list by tags or doesn't list regions is asked about each bucket.
 * @throws ServiceError when the account's list can't be read whole
 */
export async function chooseBuckets(choice: BucketChoice, directory: BucketDirectory): Promise<ChosenBuckets> {
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

/** One listing for each tag, since the service takes one; without tags one for all. */
function tagQuestions(tags: Readonly<Record<string, string | true>>): { tag?: { key: string; value?: string } }[] {
    const entries = Object.entries(tags);
    if (entries.length === 0) return [{}];
    return entries.map(([key, value]) => ({ tag: value === true ? { key } : { key, value } }));
}

/** What all names that fit begin with, so that less is listed. */
function commonPrefix([first, ...others]: readonly string[]): string {
    if (first === undefined || others.length > 0) return "";
    return /^[^*?]*/.exec(first)?.[0] ?? "";
}

/** A pattern of bucket names, with `*` and `?`, as a test of whole names. */
export const namePattern = (pattern: string): ((name: string) => boolean) =>
    patternMatcher(pattern, { hasAnyOne: true });

export function listOf(value: string | readonly string[] | undefined): readonly string[] {
    return value === undefined ? [] : typeof value === "string" ? [value] : value;
}
