import type { ExaminedAccount } from "../doctor";
import { UserError } from "../errors";
import { type BucketAccess, newBucketAccess, type StackConfiguration, settingNamespace } from "../provider";
import type { AuditedAccount } from "../review";
import { defaultStoreFamily, type StoreFamily, storeFamilyOf } from "../stores";
import { type NamedAccount, readAccountsToAudit } from "./audited-accounts-file";
import { type CommandIo, fileIn } from "./command-io";
import { serviceTime } from "./service-clock";

/** Which accounts are audited, and how they are reached. */
export interface AuditPlaces {
    /** The name of a family of stores. */
    readonly store: string;
    readonly profile?: readonly string[];
    readonly accounts?: string;
    readonly endpoint?: string;
    readonly region?: string;
    readonly kmsEndpoint?: string;
    readonly forcePathStyle?: boolean;
    /** Names of buckets, where single ones are asked about. */
    readonly bucket?: readonly string[];
}

/** Connections that are ended when the audit is done. */
export type Opened = { close(): void }[];

export interface AuditedPlaces {
    readonly accounts: readonly AuditedAccount[];
    /** The service that has the buckets, see `StoreFamily.serviceAt`. */
    readonly service: string;
}

/** @throws UserError when the accounts file or the places are not valid */
export function placesToAudit(places: AuditPlaces, io: CommandIo, opened: Opened): AuditedPlaces {
    const { accounts, service } = reachedPlaces(places, io, opened);
    return { accounts: accounts.map(auditedAccount), service };
}

/** The same accounts for a check-up. @throws UserError when the accounts file or the places are not valid */
export function accountsToExamine(places: AuditPlaces, io: CommandIo, opened: Opened): ExaminedAccount[] {
    return reachedPlaces(places, io, opened).accounts.map(examinedAccount);
}

interface ReachedAccount {
    readonly named: NamedAccount;
    readonly access: BucketAccess;
    readonly family: StoreFamily;
    /** How buckets are addressed, beside the settings. */
    readonly place: { readonly forcePathStyle?: true };
}

interface ReachedPlaces {
    readonly accounts: readonly ReachedAccount[];
    readonly service: string;
}

function reachedPlaces(places: AuditPlaces, io: CommandIo, opened: Opened): ReachedPlaces {
    const { profile: profiles = [], accounts: file } = places;
    const family = storeFamilyOf(places.store) ?? defaultStoreFamily;
    if (places.kmsEndpoint !== undefined && !family.settings.some(({ name }) => name === kmsSetting)) {
        const what = `--kms-endpoint is not supported with --store ${family.name}`;
        throw new UserError("invalid-review-options", what);
    }
    if (places.forcePathStyle && !family.capabilities().optionalArguments.includes("forcePathStyle")) {
        const what = `--force-path-style is not supported with --store ${family.name}`;
        throw new UserError("invalid-review-options", what);
    }
    const ofProfiles = [...new Set(profiles)].map((profile) => ({ name: profile, account: { profile } }));
    const ofFile = file === undefined ? [] : readAccountsToAudit(fileIn(io, file), family.account, ofProfiles);
    const named: NamedAccount[] = [...ofProfiles, ...ofFile];
    if (named.length === 0) named.push({ name: undefined, account: {} });
    const access = newBucketAccess(configurationOf(places, family), io.env);
    opened.push(access);
    refuseFaultyPlaces(access, family, places.bucket);
    const place: ReachedAccount["place"] = places.forcePathStyle ? { forcePathStyle: true } : {};
    const { region, endpoint } = access.settingsOf(family.name);
    return {
        accounts: named.map((account) => ({ named: account, access, family, place })),
        service: family.serviceAt({ region: region?.value, endpoint: endpoint?.value }),
    };
}

/** @throws UserError `invalid-review-options` with every fault of the places, before any request */
function refuseFaultyPlaces(access: BucketAccess, family: StoreFamily, buckets: readonly string[] = []): void {
    const { region, endpoint } = access.settingsOf(family.name);
    const place = { region: region?.value, endpoint: endpoint?.value };
    const targets = buckets.length === 0 ? [place] : buckets.map((bucket) => ({ ...place, bucket }));
    const faults = targets.flatMap((target) => family.validateTarget(target));
    const texts = [...new Set(faults.map(({ path, message }) => `--${path}: ${message}`))];
    if (texts.length > 0) throw new UserError("invalid-review-options", texts.join("; "));
}

const kmsSetting = "kmsEndpoint";

/** What the command line says, in the place of a stack's configuration. */
function configurationOf(
    { region, endpoint, kmsEndpoint }: AuditPlaces,
    { settings }: StoreFamily,
): StackConfiguration {
    const given = { region, endpoint };
    const values = settings.map(({ name, argument }) => {
        const value = argument === undefined ? (name === kmsSetting ? kmsEndpoint : undefined) : given[argument];
        return [`${settingNamespace}:${name}`, value] as const;
    });
    const byKey = new Map<string, string | undefined>(values);
    return { get: (key) => byKey.get(key) };
}

function auditedAccount({ named: { name, account }, access, family, place }: ReachedAccount): AuditedAccount {
    const store = family.name;
    const declared = { ...account };
    return {
        name: name ?? account.id,
        id: account.id,
        ...(Object.keys(account).length > 0 && { declared: account }),
        verify: () => identityNote(access, declared, store),
        directory: access.directory({ store, account: declared, ...place }),
        callerId: async () => {
            try {
                return await access.ownerOfLists(declared, store);
            } catch (error) {
                if (error instanceof UserError) return undefined;
                throw error;
            }
        },
        lookUpKey: async (key, region) => {
            if (!family.capabilities().keyLookup) return { unknown: "keys of this kind of store are not looked up" };
            const endpoint = access.settingsOf(store).endpoint?.value;
            const question = { name: key, region, endpoint, isAskedFor: false };
            const unknown = "no KMS endpoint is known for this OSS endpoint";
            return (await access.lookUpKey(question, declared, store)) ?? { unknown };
        },
    };
}

function examinedAccount(reached: ReachedAccount): ExaminedAccount {
    const { named, access, family } = reached;
    const store = family.name;
    const declared = { ...named.account };
    const { directory, lookUpKey } = auditedAccount(reached);
    const { region, endpoint } = access.settingsOf(store);
    return {
        name: named.name ?? named.account.id,
        directory,
        isCompatibleOnly: family.isCompatibleOnly?.({ endpoint: endpoint?.value }) ?? false,
        region: region?.value,
        describeCaller: async () => await access.describeCaller(declared, store),
        verify: () => identityNote(access, declared, store),
        serviceTime: async () =>
            await serviceTime(endpoint?.value ?? family.endpointOf(region?.value ?? family.words.firstAskedRegion)),
        lookUpKey: async ({ name, region: place }) =>
            family.capabilities().keyLookup ? await lookUpKey(name, place ?? region?.value ?? "") : undefined,
    };
}

/** Nothing is asked on behalf of an account other than the one that the file names. */
async function identityNote(
    access: BucketAccess,
    account: { readonly id?: string },
    store: string,
): Promise<string | undefined> {
    const verdict = await access.judge(account, store);
    if (verdict?.verdict === "wrong") {
        const cure = "Use credentials, a profile or a role of this account, or correct its `id`.";
        throw new UserError("wrong-account", verdict.reason, { account: account.id }, { cure });
    }
    return verdict?.verdict === "not-known"
        ? `Whether the credentials belong to the account ${account.id} could not be determined: ${verdict.reason}.`
        : undefined;
}
