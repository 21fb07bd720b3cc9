import type { Bucket } from "./cloud/bucket";
import type { EncryptionRule } from "./cloud/encryption-rule";
import { type Environment, systemEnvironment } from "./cloud/environment";
import { bucketOf, CloudState } from "./cloud/state";
import { CloudCore } from "./cloud-core";
import { type BucketEntry, defaultAccounts } from "./configuration/accounts-document";
import { checkBucket, checkEncryptionRule, validateAccounts } from "./configuration/accounts-validation";
import { LocalCloudConfigurationError } from "./configuration/configuration-error";
import { FaultCollector, throwFaults } from "./configuration/fault-collector";
import { type LocalCloudOptions, validateOptions } from "./configuration/local-cloud-options";
import { DataFolder } from "./data/data-folder";
import { Faults } from "./faults";
import { ControlApi } from "./http/control-api";
import { HttpServer } from "./http/http-server";
import { Inventories } from "./inventories";
import { Journal } from "./journal";
import { accountPrincipal } from "./ram/principal";

/** A bucket to make without a request. */
export interface NewBucket extends Omit<BucketEntry, "encryption"> {
    /** Default: the first account. */
    readonly accountId?: string;
    readonly encryption?: EncryptionRule | undefined;
}

export interface TemporaryCredentials {
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    readonly securityToken: string;
    readonly expiration: Date;
}

/** The parts of a cloud, beside its socket and its folder. */
interface Parts {
    readonly journal: Journal;
    readonly faults: Faults;
    readonly state: CloudState;
    readonly environment: Environment;
}

/**
 * Alibaba Cloud's OSS on a loopback address, for tests and trials: strict about signatures and requests, in memory
 * unless `data` is given. Many can run side by side.
 */
export class LocalCloud {
    readonly journal: Journal;
    readonly faults: Faults;
    readonly #state: CloudState;
    readonly #environment: Environment;
    readonly #http: HttpServer;
    readonly #dataFolder: DataFolder | undefined;

    private constructor(
        { journal, faults, state, environment }: Parts,
        http: HttpServer,
        dataFolder: DataFolder | undefined,
    ) {
        this.journal = journal;
        this.faults = faults;
        this.#state = state;
        this.#environment = environment;
        this.#http = http;
        this.#dataFolder = dataFolder;
    }

    /** @throws LocalCloudConfigurationError when an option has faults or the port is not available */
    static async start(options: LocalCloudOptions = {}): Promise<LocalCloud> {
        validateOptions(options);
        const accounts = validateAccounts(options.accounts ?? defaultAccounts, "The list of accounts");
        const { now = Date.now, checksKeyOnPut, isStrict, kmsGateway, gigabyte } = options;
        const environment = systemEnvironment({ now, checksKeyOnPut, isStrict, kmsGateway, gigabyte });
        const faults = new Faults();
        for (const fault of options.faults ?? []) {
            faults.add(fault);
        }
        const dataFolder = options.data === undefined ? undefined : await DataFolder.open(options.data);
        try {
            const state = restored(() => new CloudState(accounts, environment.now(), dataFolder), options.data);
            dataFolder?.compactFrom(() => state.changes());
            const journal = new Journal();
            await dataFolder?.settled();
            const http = await HttpServer.listen(new CloudCore(state, environment), {
                port: options.port ?? 0,
                latencyMs: options.latencyMs ?? 0,
                faults,
                control: new ControlApi(faults, journal, new Inventories(state, environment)),
                settled: () => dataFolder?.settled(),
                onRequest: (entry) => {
                    journal.record(entry);
                    options.onRequest?.(entry);
                },
            });
            return new LocalCloud({ journal, faults, state, environment }, http, dataFolder);
        } catch (error) {
            await dataFolder?.close();
            throw error;
        }
    }

    /** `http://127.0.0.1:<port>`, the endpoint of every service. */
    get url(): string {
        return this.#http.url;
    }

    /** Stops listening and breaks every connection, including those that hang by a fault. */
    async stop(): Promise<void> {
        await this.#http.close();
        await this.#dataFolder?.close();
    }

    /** The names of all buckets of all accounts, sorted. */
    bucketNames(): string[] {
        return [...this.#state.buckets.keys()].sort();
    }

    /**
     * Makes a bucket without a request.
     * @param bucket by default of the first account, in cn-hangzhou, without a rule
     * @throws LocalCloudConfigurationError when OSS has no such bucket
     */
    createBucket(bucket: NewBucket): void {
        // A program in JavaScript may call without it: then the name is missing.
        const { accountId = this.#state.firstAccountId, encryption, ...others } = { ...bucket };
        const entry: BucketEntry = { ...others, ...(encryption !== undefined && { encryption }) };
        const { name } = entry;
        const collector = new FaultCollector();
        checkBucket(collector, entry, "");
        if (!this.#state.hasAccount(accountId)) {
            collector.add("accountId", `there is no account ${JSON.stringify(accountId)}`);
        }
        if (this.#state.buckets.has(name)) {
            collector.add("name", "there is such a bucket already");
        }
        throwFaults("The bucket", collector);
        this.#state.bucketTable.add(bucketOf(entry, accountId, this.#environment.now()));
    }

    /** Removes a bucket with its objects, if it exists. @throws LocalCloudConfigurationError when the name is no text */
    deleteBucket(name: string): void {
        const collector = new FaultCollector();
        collector.text(name, "name", "a text", /^/);
        throwFaults("The bucket", collector);
        const bucket = this.#state.buckets.get(name);
        if (bucket !== undefined) {
            this.#state.bucketTable.remove(bucket);
        }
    }

    /** The rule that a bucket has now. @throws Error when there is no such bucket */
    bucketRule(name: string): EncryptionRule | undefined {
        return this.#bucket(name).encryption;
    }

    /**
     * Changes or (undefined) removes a bucket's rule without a request: drift.
     * @throws LocalCloudConfigurationError when OSS has no such rule
     * @throws Error when there is no such bucket
     */
    setBucketRule(name: string, rule: EncryptionRule | undefined): void {
        const bucket = this.#bucket(name);
        if (rule !== undefined) {
            const collector = new FaultCollector();
            checkEncryptionRule(collector, rule, "");
            throwFaults("The rule", collector);
        }
        this.#state.bucketTable.update(bucket, { encryption: rule });
    }

    /**
     * Issues temporary credentials with all the rights of their account, as STS does.
     * @param grant when they expire, and the account, by default the first one
     * @throws LocalCloudConfigurationError when there is no such account, or the time is not valid
     */
    issueTemporaryCredentials(grant: { expiresAt: Date; accountId?: string }): TemporaryCredentials {
        const { expiresAt, accountId = this.#state.firstAccountId } = { ...grant };
        const collector = new FaultCollector();
        if (!(expiresAt instanceof Date && Number.isFinite(expiresAt.getTime()))) {
            collector.add("expiresAt", "must be a valid Date");
        }
        if (!this.#state.hasAccount(accountId)) {
            collector.add("accountId", `there is no account ${JSON.stringify(accountId)}`);
        }
        throwFaults("The grant of temporary credentials", collector);
        const newId = () => this.#environment.newId();
        const credentials = {
            accessKeyId: `STS.${newId()}`,
            accessKeySecret: `${newId()}${newId()}`,
            securityToken: `CAIS${newId()}${newId()}${newId()}`,
            expiration: expiresAt,
        };
        this.#state.accessKeys.addSession(
            { id: credentials.accessKeyId, secret: credentials.accessKeySecret },
            { securityToken: credentials.securityToken, expiresAt: expiresAt.getTime() },
            accountPrincipal(accountId),
            this.#environment.now(),
        );
        return credentials;
    }

    #bucket(name: string): Bucket {
        const bucket = this.#state.buckets.get(name);
        if (bucket === undefined) {
            throw new Error(`The local cloud has no bucket ${name}.`);
        }
        return bucket;
    }
}

/** @throws LocalCloudConfigurationError where a data folder holds changes of another version, whose checksums are right */
function restored(restore: () => CloudState, data: string | undefined): CloudState {
    try {
        return restore();
    } catch (error) {
        if (data === undefined) throw error;
        const message = "what it holds cannot be restored, since another version wrote it";
        throw new LocalCloudConfigurationError(`The data folder ${data}`, [{ path: "", message }]);
    }
}
