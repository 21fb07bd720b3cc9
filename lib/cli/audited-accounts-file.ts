import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { type Account, accountIssues } from "../accounts";
import { UserError } from "../errors";
import { visible } from "../text";

/** An account of the file, with what it is called in the report. */
export interface NamedAccount {
    readonly name: string | undefined;
    readonly account: Account;
}

/**
 * Reads the accounts that are to be audited: YAML or JSON, a list of accounts as the argument `account` of a resource has them,
 * each with a `name` where one is wanted.
 * @param issuesOf tells what is wrong with an account of the kind of store that is audited
 * @throws UserError of kind `invalid-accounts-file`, with all faults at once
 */
export function readAccountsToAudit(file: string, issuesOf: typeof accountIssues = accountIssues): NamedAccount[] {
    let text: string;
    try {
        text = readFileSync(file, "utf8");
    } catch (error) {
        throw invalid(`The file can't be read (${(error as NodeJS.ErrnoException).code})`, file);
    }
    const document = parseDocument(text);
    const [fault] = document.errors;
    if (fault !== undefined) {
        const place = fault.linePos === undefined ? file : `${file}:${fault.linePos[0].line}:${fault.linePos[0].col}`;
        throw invalid(`It is neither YAML nor JSON: ${fault.code}`, place);
    }
    const content: unknown = document.toJS();
    const list = Array.isArray(content) ? content : (content as { accounts?: unknown } | null)?.accounts;
    if (!Array.isArray(list) || list.length === 0) throw invalid("It holds no list of accounts", file);
    const issues = list.flatMap((entry, index) =>
        entryIssues(entry, `accounts[${index}]`, list.slice(0, index), issuesOf),
    );
    if (issues.length > 0) throw invalid(`Accounts that can't be audited: ${issues.join("; ")}`, file);
    return list.map(({ name, ...account }) => ({ name, account }));
}

function entryIssues(
    entry: unknown,
    path: string,
    others: readonly unknown[],
    issuesOf: typeof accountIssues,
): string[] {
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
        return [`${path} must be an object such as { name, id, profile, roleArn }`];
    }
    const { name, ...account } = entry as Record<string, unknown>;
    const isName = name === undefined || (typeof name === "string" && name.trim() !== "");
    const isTwice = name !== undefined && others.some((other) => (other as { name?: unknown } | null)?.name === name);
    return [
        ...(isName ? [] : [`${path}.name must be a text`]),
        ...(isTwice ? [`${path}.name is another account's too`] : []),
        ...issuesOf(account, path).map((issue) => `${issue.path} ${issue.message}`),
    ];
}

function invalid(what: string, file: string): UserError {
    return new UserError("invalid-accounts-file", visible(what), { file: visible(file) });
}
