import { isDeepStrictEqual } from "node:util";
import { type Account, type AccountTerms, accountIssues } from "../accounts";
import { DocumentShape, parseYaml, readDocument } from "../documents";
import { UserError } from "../errors";

/** An account of the file, with its name in the report. */
export interface NamedAccount {
    readonly name: string | undefined;
    readonly account: Account;
}

/**
 * Reads the accounts to audit: YAML or JSON with a list of accounts, each as the argument `account` of a resource, and with a
 * `name` if wanted.
 * @param terms what an account of the audited kind of store can say
 * @param others accounts that are audited too; an account that is audited twice would be counted twice
 * @throws UserError of kind `invalid-accounts-file`, with all faults at once
 */
export function readAccountsToAudit(
    file: string,
    terms: AccountTerms,
    others: readonly NamedAccount[] = [],
): NamedAccount[] {
    const source = { kind: "invalid-accounts-file", title: "The accounts file", file } as const;
    const text = readDocument(source);
    const { value } = parseYaml(text, anyShape, source);
    const list = isObject(value)
        ? parseYaml(text, mapShape, source).value.accounts
        : parseYaml(text, listShape, source).value;
    const before = others.map(({ name, account }) => ({ name, ...account }));
    const issues = list.flatMap((entry, index) =>
        entryIssues(entry, `accounts[${index}]`, [...before, ...list.slice(0, index).filter(isObject)], terms),
    );
    if (issues.length > 0) {
        throw new UserError("invalid-accounts-file", `Accounts that cannot be audited: ${issues.join("; ")}`, { file });
    }
    return list.map((entry) => {
        const { name, ...account } = entry as Account & { readonly name?: string };
        return { name, account };
    });
}

// Entries are judged with their accounts, so that all faults of the file are listed at once.
const accountList = { type: "array", minItems: 1 };
const anyShape = new DocumentShape<unknown>({});
const listShape = new DocumentShape<readonly unknown[]>(accountList);
const mapShape = new DocumentShape<{ readonly accounts: readonly unknown[] }>({
    type: "object",
    required: ["accounts"],
    properties: { accounts: accountList },
});

type Entry = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Entry {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function entryIssues(entry: unknown, path: string, others: readonly Entry[], terms: AccountTerms): string[] {
    if (!isObject(entry)) return [`${path} must be an object such as { name, id, profile, roleArn }`];
    const { name, ...account } = entry;
    const isName = name === undefined || (typeof name === "string" && name.trim() !== "");
    // An entry with a name alone names the credentials that are found anyway. One whose parts are all empty is a fault.
    const issues = Object.keys(account).length === 0 ? [] : accountIssues(account, terms, path);
    return [
        ...(isName ? [] : [`${path}.name must be a text`]),
        ...repetitions(entry, path, others),
        ...issues.map((issue) => `${issue.path} ${issue.message}`),
    ];
}

function repetitions({ name, ...account }: Entry, path: string, others: readonly Entry[]): string[] {
    const isTwice = (part: string, value: unknown): boolean =>
        value !== undefined && others.some((other) => other[part] === value);
    const isSame = others.some(({ name: _, ...other }) => isDeepStrictEqual(other, account));
    return [
        ...(isTwice("name", name) ? [`${path}.name is also another account's`] : []),
        ...(isTwice("id", account.id) ? [`${path}.id is also another account's`] : []),
        ...(isSame && account.id === undefined ? [`${path} is reached in the same way as another account`] : []),
    ];
}
