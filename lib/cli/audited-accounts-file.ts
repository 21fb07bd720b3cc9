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
 * @throws UserError of kind `invalid-accounts-file`, with all faults at once
 */
export function readAccountsToAudit(file: string, terms: AccountTerms): NamedAccount[] {
    const source = { kind: "invalid-accounts-file", title: "The accounts file", file } as const;
    const text = readDocument(source);
    const { value } = parseYaml(text, anyShape, source);
    const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
    const list = isMap ? parseYaml(text, mapShape, source).value.accounts : parseYaml(text, listShape, source).value;
    const issues = list.flatMap((entry, index) =>
        entryIssues(entry, `accounts[${index}]`, list.slice(0, index), terms),
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

function entryIssues(entry: unknown, path: string, others: readonly unknown[], terms: AccountTerms): string[] {
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
        return [`${path} must be an object such as { name, id, profile, roleArn }`];
    }
    const { name, ...account } = entry as Record<string, unknown>;
    const isName = name === undefined || (typeof name === "string" && name.trim() !== "");
    const isTwice = name !== undefined && others.some((other) => (other as { name?: unknown } | null)?.name === name);
    return [
        ...(isName ? [] : [`${path}.name must be a text`]),
        ...(isTwice ? [`${path}.name is also another account's`] : []),
        ...accountIssues(account, terms, path).map((issue) => `${issue.path} ${issue.message}`),
    ];
}
