import {
    type Account,
    AccountGuard,
    AccountSessions,
    accountIssues,
    configuredCredentials,
    KmsKeys,
    SecurityTokenService,
    s3AccountIssues,
    stsEndpoint,
} from "../accounts";
import { UserError } from "../errors";
import { kmsEndpoint, readStackSettings } from "../provider";
import type { AuditedAccount } from "../review";
import { OssStores, type StoreKind } from "../stores";
import { type NamedAccount, readAccountsToAudit } from "./audited-accounts-file";
import { type CommandIo, fileIn } from "./command-io";

/** Which accounts are audited, and how they are reached. */
export interface AuditPlaces {
    readonly store: StoreKind;
    readonly profile?: readonly string[];
    readonly accounts?: string;
    readonly endpoint?: string;
    readonly region?: string;
    readonly kmsEndpoint?: string;
}

/** Connections that are ended when the audit is done. */
export type Opened = { close(): void }[];

/** @throws UserError when the file of accounts can't be used, or when the places can't be right */
export function accountsToAudit(places: AuditPlaces, io: CommandIo, opened: Opened): AuditedAccount[] {
    const { store, profile: profiles = [], accounts: file } = places;
    if (store === "s3" && places.kmsEndpoint !== undefined) {
        const what = "--kms-endpoint is one of Alibaba Cloud's KMS, which no bucket of S3 has its key from";
        throw new UserError("invalid-review-options", what);
    }
    const ofProfiles = [...new Set(profiles)].map((profile) => ({ name: profile, account: { profile } }));
    const issuesOf = store === "s3" ? s3AccountIssues : accountIssues;
    const ofFile = file === undefined ? [] : readAccountsToAudit(fileIn(io, file), issuesOf);
    const named: NamedAccount[] = [...ofProfiles, ...ofFile];
    if (named.length === 0) named.push({ name: undefined, account: {} });
    if (store === "s3") return named.map((account) => s3Account(account, { places, io, opened }));
    const sts = new SecurityTokenService(stsEndpoint(undefined, io.env));
    const sessions = new AccountSessions({
        base: (profile) => configuredCredentials(profile === undefined ? {} : { profile }),
        sts,
    });
    const guard = new AccountGuard(sts);
    return named.map((account) => ossAccount(account, { places, io, opened, sessions, guard }));
}

interface StoreContext {
    readonly places: AuditPlaces;
    readonly io: CommandIo;
    readonly opened: Opened;
}

interface OssContext extends StoreContext {
    readonly sessions: AccountSessions;
    readonly guard: AccountGuard;
}

function ossAccount({ name, account }: NamedAccount, context: OssContext): AuditedAccount {
    const { places, io, opened, sessions, guard } = context;
    const { region, endpoint } = reached(places, io);
    const credentials = sessions.sourceOf(account);
    const stores = new OssStores(credentials);
    opened.push(stores);
    const keys = new KmsKeys(credentials);
    const configuration = { get: (key: string) => (key.endsWith(":kmsEndpoint") ? places.kmsEndpoint : undefined) };
    return {
        name: name ?? account.id,
        ...(Object.keys(account).length > 0 && { declared: account }),
        verify: () => identityNote(guard, credentials, account),
        directory: stores.directory({ region, endpoint }),
        // Alibaba Cloud's own endpoints are one region's; any other (a local cloud, a gateway) stands for all.
        getRule: (bucket, of) => {
            const standsForAll = !/\.aliyuncs\.com/.test(endpoint ?? "");
            return stores.at({ region: of, endpoint: standsForAll ? endpoint : undefined }).getRule(bucket);
        },
        lookUpKey: async (key, of) => {
            const at = kmsEndpoint(configuration, io.env, { region: of, endpoint, isAskedFor: false });
            if (at === undefined) return { unknown: "no endpoint of KMS is known behind this OSS endpoint" };
            return keys.lookUp(key, at);
        },
    };
}

/** An id goes with each request about a bucket, so that the service refuses any other account's. */
function s3Account({ name, account }: NamedAccount, { places, io, opened }: StoreContext): AuditedAccount {
    // Loaded with the first account of S3: other audits don't pay for it.
    const { S3Stores }: typeof import("../stores/s3/s3-stores") = require("../stores/s3/s3-stores");
    const stores = new S3Stores({ profile: account.profile, expectedBucketOwner: account.id });
    opened.push(stores);
    const directory = stores.directory(reached(places, io));
    return {
        name: name ?? account.id,
        ...(Object.keys(account).length > 0 && { declared: account }),
        directory,
        // The directory asks for the rule itself, so there is no second way to it.
        getRule: (bucket) => directory.ruleOf(bucket),
        lookUpKey: async () => ({ unknown: "keys of AWS KMS aren't looked up" }),
    };
}

function reached({ store, region, endpoint }: AuditPlaces, { env }: CommandIo): { region?: string; endpoint?: string } {
    const settings = readStackSettings({ get: () => undefined }, env, store);
    const target = { region: region ?? settings.region?.value, endpoint: endpoint ?? settings.endpoint?.value };
    return Object.fromEntries(Object.entries(target).filter(([, value]) => value !== undefined));
}

/** Nothing is asked on behalf of an account that isn't the one that the file names. */
async function identityNote(
    guard: AccountGuard,
    credentials: ReturnType<AccountSessions["sourceOf"]>,
    { id }: Account,
): Promise<string | undefined> {
    const verdict = await guard.judge(credentials, { id });
    if (verdict.verdict === "wrong") throw new UserError("wrong-account", verdict.reason, { account: id });
    return verdict.verdict === "not-known"
        ? `Whether the credentials are account ${id}'s isn't known: ${verdict.reason}.`
        : undefined;
}
