import { DeclarationParser, programModule } from "../../declaration";
import { defaultStoreFamily, storeFamilies } from "../../stores";
import { codeLiteral, counted, visible } from "../../text";
import type { AuditOutcome } from "./audit-accounts";
import type { AuditScope } from "./audit-report";

/** A program, and which buckets it leaves out. */
export interface AdoptingProgram {
    readonly text: string;
    /** Buckets that it declares. */
    readonly declared: readonly string[];
    /** Why the others are left out, a sentence each. */
    readonly notes: readonly string[];
}

/**
 * The TypeScript of a stack that adopts the rules of buckets: it declares each as it is, so that deploying it writes nothing, and
 * the rule stays when the resource is deleted. Buckets that a stack manages already are left out.
 * @param isPlugin whether it declares resources of the provider plugin
 */
export function adoptingProgram(
    { report, rules, declared, store }: Omit<AuditOutcome, "errors">,
    isPlugin = false,
): AdoptingProgram {
    const notes = report.accounts.flatMap(({ account, failure }) =>
        failure === undefined ? [] : [`Buckets of ${account} are missing, since they could not all be listed.`],
    );
    const declarations = new Map<string, string[]>();
    const names: string[] = [];
    const seen = new Set<string>();
    const parser = new DeclarationParser({ families: storeFamilies, settings: () => ({}) });
    for (const { bucket, account, region, status, findings, managedBy = [] } of [...report.buckets].sort(byName)) {
        if (seen.has(bucket)) continue;
        seen.add(bucket);
        const rule = rules.get(bucket);
        if (managedBy.length > 0) continue;
        if (rule === undefined) {
            notes.push(`${bucket} has no rule to adopt (${status}).`);
            continue;
        }
        // A service's answer becomes code here, so only names of buckets and rules are let in.
        if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || !/^[a-z0-9-]+$/.test(region)) {
            notes.push(`${bucket} has an invalid name or region.`);
            continue;
        }
        const { unrecognized, ...declarable } = rule;
        const { issues } = parser.parseDeclaration({ bucket, store, ...declarable });
        if (issues.length > 0 || unrecognized !== undefined) {
            notes.push(`${bucket} has a rule that this version cannot write.`);
            continue;
        }
        // Verification would refuse an unusable key, which is adopted as it is.
        const unverified = findings.includes("key-unusable") ? { verifyKey: false } : {};
        if (findings.includes("key-unusable")) notes.push(`${bucket} has a key that cannot be used.`);
        names.push(bucket);
        const ofAccount = declarations.get(account) ?? [];
        declarations.set(account, ofAccount);
        ofAccount.push(`        ${JSON.stringify(bucket)}: ${literal({ region, ...rule, ...unverified })},`);
    }
    const managed = report.buckets.filter(({ managedBy = [] }) => managedBy.length > 0).length;
    if (managed > 0)
        notes.push(
            `${counted(managed, "bucket")} ${managed === 1 ? "is" : "are"} already managed by the given states.`,
        );
    const text = [
        "// Written by `bucket-encryption audit --emit stack`. It declares what the buckets have: a preview shows each as adopted,",
        "// and deploying it writes to none of them.",
        ...notes.map((note) => `// ${visible(note)}`),
        `import { BucketEncryption } from "${programModule(isPlugin)}";`,
        "",
        ...(names.length === 0 ? ["export {};"] : []),
        ...[...declarations].flatMap(([account, lines]) =>
            accountLines(lines, account, declared.get(account), report.scope),
        ),
    ].join("\n");
    return { text: `${text.trimEnd()}\n`, declared: names, notes };
}

function accountLines(
    declarations: readonly string[],
    name: string,
    account: object | undefined,
    { store, service }: AuditScope,
): string[] {
    const shared = [
        ...(store === defaultStoreFamily.name ? [] : [`store: ${codeLiteral(store)}, `]),
        // Without it, the program would adopt the rules of the cloud's buckets of these names.
        ...(/^https?:/.test(service) ? [`endpoint: ${codeLiteral(service)}, `] : []),
        ...(account === undefined ? [] : ["account, "]),
    ].join("");
    const shown = account === undefined ? [] : [`    const account = ${codeLiteral(account)};`];
    return [
        `// ${visible(name)}`,
        "{",
        ...shown,
        "    const rules = {",
        ...declarations,
        "    } as const;",
        "    for (const [bucket, rule] of Object.entries(rules)) {",
        `        new BucketEncryption(bucket, { bucket, ...rule, ${shared}existingRule: "adopt", onDelete: "retain" });`,
        "    }",
        "}",
        "",
    ];
}

function literal(values: Readonly<Record<string, unknown>>): string {
    const entries = Object.entries(values).map(([name, value]) => `${name}: ${codeLiteral(value)}`);
    return `{ ${entries.join(", ")} }`;
}

function byName(one: { readonly bucket: string }, other: { readonly bucket: string }): number {
    return one.bucket < other.bucket ? -1 : 1;
}
