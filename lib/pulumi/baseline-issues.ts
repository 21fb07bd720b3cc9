import { isRecord } from "../declaration";

/** The arguments of a baseline that are checked when the program runs. The resources check rules and places. */
export interface JudgedBaseline {
    readonly select?: unknown;
    readonly overrides?: unknown;
    readonly exclude?: unknown;
    readonly granularity?: unknown;
    readonly allowEmpty?: unknown;
}

const choiceParts = ["names", "patterns", "tags", "regions", "all"];

/** All faults of a baseline's arguments at once, each as a sentence without a full stop. */
export function baselineIssues({ select, overrides, exclude, granularity, allowEmpty }: JudgedBaseline): string[] {
    return [
        ...choiceIssues(select),
        ...reasonIssues("exclude", exclude, (entry) => entry),
        ...reasonIssues("overrides", overrides, (entry) => (isRecord(entry) ? entry.reason : undefined)),
        ...(granularity === undefined || granularity === "each" || granularity === "set"
            ? []
            : [`\`granularity\` is ${shown(granularity)}; allowed are "each" and "set"`]),
        ...(allowEmpty === undefined || typeof allowEmpty === "boolean" ? [] : ["`allowEmpty` must be true or false"]),
    ];
}

function choiceIssues(select: unknown): string[] {
    if (!isRecord(select)) return ["`select` is required: an object with names, patterns, tags, regions or all"];
    const { names, patterns, tags, regions, all } = select;
    const unknown = Object.keys(select).filter((name) => !choiceParts.includes(name));
    const selects = [names, patterns, tags, regions].some((part) => part !== undefined) || all === true;
    const isTags =
        tags === undefined || (isRecord(tags) && Object.values(tags).every((tag) => tag === true || isText(tag)));
    return [
        ...unknown.map((name) => `\`select.${name}\` is not supported; allowed are ${choiceParts.join(", ")}`),
        ...textsIssues("select.names", names),
        ...patternIssues(names),
        ...textsIssues("select.patterns", typeof patterns === "string" ? [patterns] : patterns),
        ...textsIssues("select.regions", regions),
        ...(isTags ? [] : ["`select.tags` must be an object with a text or true for each tag"]),
        ...(all === undefined || typeof all === "boolean" ? [] : ["`select.all` must be true or false"]),
        ...(all === true && (patterns !== undefined || tags !== undefined)
            ? ["`select.all` is every bucket, so patterns and tags beside it select nothing; omit one of the two"]
            : []),
        ...(selects ? [] : ["`select` selects nothing; for every bucket of the account write { all: true }"]),
    ];
}

function textsIssues(path: string, value: unknown): string[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) return [`\`${path}\` must be a list of texts`];
    const odd = value.filter((text) => !isText(text));
    return odd.length === 0 ? [] : [`\`${path}\` holds ${odd.slice(0, 5).map(shown).join(", ")}, which is not a text`];
}

/** A pattern among the names would count as a bucket's name. */
function patternIssues(names: unknown): string[] {
    const patterns = Array.isArray(names) ? names.filter((name) => isText(name) && /[*?]/.test(name)) : [];
    return patterns.length === 0
        ? []
        : [
              `\`select.names\` holds ${patterns.slice(0, 5).map(shown).join(", ")}, which is a pattern; write it into \`select.patterns\``,
          ];
}

function reasonIssues(path: string, value: unknown, reasonOf: (entry: unknown) => unknown): string[] {
    if (value === undefined) return [];
    if (!isRecord(value)) return [`\`${path}\` must be an object by names or patterns of buckets`];
    return Object.entries(value).flatMap(([name, entry]) => {
        const reason = reasonOf(entry);
        return isText(reason) ? [] : [`\`${path}["${name}"]\` needs a reason, as a text`];
    });
}

function isText(value: unknown): value is string {
    return typeof value === "string" && value.trim() !== "";
}

function shown(value: unknown): string {
    return JSON.stringify(value)?.slice(0, 60) ?? String(value);
}
