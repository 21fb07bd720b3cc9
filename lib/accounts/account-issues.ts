import { accountOfRole } from "./account";

/** One thing that is wrong with a declared account, at a path such as `account.through[0].roleArn`. */
export interface AccountIssue {
    readonly code: "required" | "wrong-type" | "not-allowed" | "conflicting" | "malformed";
    readonly path: string;
    readonly message: string;
}

interface Shape {
    readonly shape: RegExp;
    /** What a value of this shape is, for a message. */
    readonly meant: string;
}

/** What an account of a family of stores can say. */
export interface AccountTerms {
    readonly id: Shape;
    /** What to do instead of naming roles, where an account cannot name any. */
    readonly insteadOfRoles?: string;
}

const roleArn: Shape = {
    shape: /^acs:ram::\d{16}:role\/[\w.-]{1,64}$/,
    meant: "the ARN of a role such as acs:ram::1000000000000001:role/encryption-admin",
};
const providerArn: Shape = {
    shape: /^acs:ram::\d{16}:oidc-provider\/[\w.-]{1,128}$/,
    meant: "the ARN of an identity provider such as acs:ram::1000000000000001:oidc-provider/github",
};
const sessionName: Shape = { shape: /^[\w.@-]{2,64}$/, meant: "2 to 64 letters, digits, and . @ - _" };
const externalId: Shape = { shape: /^[\w=,.@:/-]{2,1224}$/, meant: "2 to 1224 letters, digits, and = , . @ : / - _" };
const anyText: Shape = { shape: /\S/, meant: "a text" };

const roleParts = ["roleArn", "externalId", "sessionName", "durationSeconds", "policy"];
const accountParts = ["id", "profile", ...roleParts, "through", "oidc"];

/** STS itself knows the longest session of a role; no role's is longer than 12 hours. */
const durations = { shortest: 900, longest: 43_200 };
/** https://help.aliyun.com/en/ram/developer-reference/api-sts-2015-04-01-assumerole */
const longestPolicy = 2_048;

/**
 * All faults of a declared account at once, without any request. A value that is not known yet (a symbol) is no fault.
 * @param path where the account stands, for instance `account`
 */
export function accountIssues(declared: unknown, terms: AccountTerms, path = "account"): AccountIssue[] {
    if (isOpen(declared)) return [];
    const { id, insteadOfRoles } = terms;
    const members = membersOf(declared);
    if (members === undefined) {
        const parts = insteadOfRoles === undefined ? "such as { id, profile, roleArn }" : "{ id, profile }";
        return [wrongType(path, `an object ${parts}`, declared)];
    }
    // As `{ id: process.env.ACCOUNT }` is where the variable is not set. It would replace the stack's account by none.
    if (Object.keys(members).length === 0)
        return [{ code: "required", path, message: "is empty, and guards nothing; give it a part, or remove it" }];
    if (insteadOfRoles !== undefined) return issuesWithoutRoles(members, id, insteadOfRoles, path);
    const { through, oidc } = members;
    return [
        ...unknownMembers(members, accountParts, path),
        ...textIssues(members.id, `${path}.id`, id),
        ...textIssues(members.profile, `${path}.profile`, anyText),
        ...roleIssues(members, path),
        ...throughIssues(through, `${path}.through`),
        ...oidcIssues(oidc, `${path}.oidc`),
        ...combinationIssues(members, id, path),
    ];
}

function issuesWithoutRoles(
    members: Record<string, unknown>,
    id: Shape,
    insteadOfRoles: string,
    path: string,
): AccountIssue[] {
    const ofRoles = [...roleParts, "through", "oidc"].filter((name) => members[name] !== undefined);
    const others = Object.fromEntries(Object.entries(members).filter(([name]) => !ofRoles.includes(name)));
    return [
        ...unknownMembers(others, ["id", "profile"], path),
        ...ofRoles.map((name): AccountIssue => {
            const message = `is not supported by this kind of store; ${insteadOfRoles}`;
            return { code: "not-allowed", path: `${path}.${name}`, message };
        }),
        ...textIssues(members.id, `${path}.id`, id),
        ...textIssues(members.profile, `${path}.profile`, anyText),
    ];
}

function roleIssues(members: Record<string, unknown>, path: string): AccountIssue[] {
    return [
        ...textIssues(members.roleArn, `${path}.roleArn`, roleArn),
        ...textIssues(members.externalId, `${path}.externalId`, externalId),
        ...textIssues(members.sessionName, `${path}.sessionName`, sessionName),
        ...durationIssues(members.durationSeconds, `${path}.durationSeconds`),
        ...policyIssues(members.policy, `${path}.policy`),
    ];
}

function throughIssues(through: unknown, path: string): AccountIssue[] {
    if (isOpen(through)) return [];
    if (!Array.isArray(through)) return [wrongType(path, "a list of roles", through)];
    return through.flatMap((role, index) => {
        const at = `${path}[${index}]`;
        const members = membersOf(role);
        if (members === undefined) return [wrongType(at, "an object such as { roleArn, externalId }", role)];
        return [
            ...unknownMembers(members, roleParts, at),
            ...required(members, ["roleArn"], at),
            ...roleIssues(members, at),
        ];
    });
}

function oidcIssues(oidc: unknown, path: string): AccountIssue[] {
    if (isOpen(oidc)) return [];
    const members = membersOf(oidc);
    if (members === undefined) return [wrongType(path, "an object { providerArn, tokenFile }", oidc)];
    return [
        ...unknownMembers(members, ["providerArn", "tokenFile"], path),
        ...required(members, ["providerArn", "tokenFile"], path),
        ...textIssues(members.providerArn, `${path}.providerArn`, providerArn),
        ...textIssues(members.tokenFile, `${path}.tokenFile`, anyText),
    ];
}

/**
 * | given                                            | is                                        |
 * | ------------------------------------------------ | ----------------------------------------- |
 * | `roleArn` of another account than `id`           | conflicting                               |
 * | `through`, `oidc`, or parts of a role            | need `roleArn`                            |
 * | `oidc` with `profile`                            | conflicting: two beginnings               |
 * | `oidc` with `externalId` of the first role       | conflicting: there is none with a token   |
 */
function combinationIssues(members: Record<string, unknown>, id: Shape, path: string): AccountIssue[] {
    const issues: AccountIssue[] = [];
    const conflict = (name: string, message: string) =>
        issues.push({ code: "conflicting", path: `${path}.${name}`, message });
    const owner = typeof members.roleArn === "string" ? accountOfRole(members.roleArn) : undefined;
    if (owner !== undefined && typeof members.id === "string" && owner !== members.id && id.shape.test(members.id)) {
        conflict("roleArn", `is a role of the account ${owner}, but id is ${members.id}`);
    }
    if (members.roleArn === undefined) {
        const parts = ["externalId", "sessionName", "durationSeconds", "policy", "through", "oidc"];
        for (const name of parts.filter((part) => members[part] !== undefined)) {
            conflict(name, "belongs to a role; name the role by roleArn");
        }
    }
    if (members.oidc === undefined) return issues;
    if (members.profile !== undefined) conflict("oidc", "is given beside profile; a role is assumed by one of the two");
    const first = Array.isArray(members.through) && members.through.length > 0 ? "through[0].externalId" : "externalId";
    const firstRole = first === "externalId" ? members : membersOf((members.through as unknown[])[0]);
    if (firstRole?.externalId !== undefined)
        conflict(first, "is not sent with an identity provider's token; leave it out");
    return issues;
}

function textIssues(value: unknown, path: string, { shape, meant }: Shape): AccountIssue[] {
    if (isOpen(value)) return [];
    if (typeof value !== "string") return [wrongType(path, `a string: ${meant}`, value)];
    return shape.test(value) ? [] : [{ code: "malformed", path, message: `${quoted(value)} is not ${meant}` }];
}

function durationIssues(value: unknown, path: string): AccountIssue[] {
    if (isOpen(value)) return [];
    const { shortest, longest } = durations;
    if (typeof value !== "number") return [wrongType(path, "a number of seconds", value)];
    if (Number.isInteger(value) && value >= shortest && value <= longest) return [];
    const message = `${value} is not a whole number of seconds from ${shortest} to ${longest}`;
    return [{ code: "not-allowed", path, message }];
}

function policyIssues(value: unknown, path: string): AccountIssue[] {
    if (isOpen(value)) return [];
    if (typeof value !== "string") return [wrongType(path, "a string: a RAM policy as JSON", value)];
    const size = Buffer.byteLength(value);
    if (size > longestPolicy) {
        return [{ code: "malformed", path, message: `has ${size} bytes; allowed are ${longestPolicy}` }];
    }
    try {
        // Half of a surrogate pair cannot be sent as it is.
        if (!/\p{Cs}/u.test(value) && membersOf(JSON.parse(value))?.Statement !== undefined) return [];
    } catch {
        // The same message covers it.
    }
    return [{ code: "malformed", path, message: "is not a RAM policy as JSON with Version and Statement" }];
}

/**
 * All faults of a list of ids, for instance in stack configuration.
 * @param terms those of all families whose accounts may be listed
 */
export function accountListIssues(
    ids: readonly unknown[],
    terms: readonly AccountTerms[],
    path: string,
): AccountIssue[] {
    const anyId = {
        shape: new RegExp(terms.map(({ id }) => id.shape.source).join("|")),
        meant: terms.map(({ id }) => id.meant).join(" or "),
    };
    return ids.flatMap((value, index) => {
        const at = `${path}[${index}]`;
        // A hole in the list is a mistake too.
        return value === undefined || value === null
            ? [wrongType(at, anyId.meant, null)]
            : textIssues(value, at, anyId);
    });
}

function unknownMembers(members: Record<string, unknown>, allowed: readonly string[], path: string): AccountIssue[] {
    return Object.keys(members)
        .filter((name) => !allowed.includes(name))
        .map((name) => {
            // The value may be a secret that was put here by mistake, so only its name is shown.
            const message = `is not part of it; allowed are ${allowed.join(", ")}`;
            return { code: "not-allowed", path: `${path}.${name}`, message };
        });
}

function required(members: Record<string, unknown>, names: readonly string[], path: string): AccountIssue[] {
    return names
        .filter((name) => members[name] === undefined)
        .map((name) => ({ code: "required", path: `${path}.${name}`, message: "is required" }));
}

function membersOf(value: unknown): Record<string, unknown> | undefined {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined && member !== null));
}

/** Nothing to judge: not given, or known later. */
function isOpen(value: unknown): boolean {
    return value === undefined || value === null || typeof value === "symbol";
}

function wrongType(path: string, expected: string, found: unknown): AccountIssue {
    const kind = found === null ? "null" : Array.isArray(found) ? "a list" : `a value of type ${typeof found}`;
    return { code: "wrong-type", path, message: `must be ${expected}, not ${kind}` };
}

function quoted(value: string): string {
    return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}
