import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { holdsUnknown, isSameValue, nativeTypes, type Properties } from "../declaration";
import { type ErrorKind, UserError } from "../errors";
import {
    type BucketEncryptionResource,
    cancellation,
    listerOf,
    newProviderProcess,
    newResource,
    type ProviderProcess,
    withoutMarks,
} from "../provider";
import { type ChangeKind, changesAt, detailedDiff, type PropertyChange } from "./detailed-diff";
import type { EngineLog } from "./engine-log";
import { RefusedFindings, type UnfinishedWork } from "./failure-status";
import { type ProvidedResource, sets, singleBuckets } from "./provided-resource";
import { argumentIssues, canonicalArguments, configurationOf } from "./provider-configuration";
import { resourceId } from "./resource-id";
import { readProperties, Secrets, writeProperties, writeState } from "./wire-properties";

/** The schema, and the version that it is of. */
export interface PluginSchema {
    readonly text: string;
    readonly version: string;
}

export interface PluginProviderOptions {
    /** Read when it is asked for. */
    readonly schema: () => PluginSchema;
    readonly log: EngineLog;
    /** Of the engine that started the plugin, `host:port`. */
    readonly engineAddress: string | undefined;
    /** Aborted when the plugin has ended, where its process continues. */
    readonly ended: AbortSignal;
}

/** An operation failed after it began to change something. */
export class FailedWork extends Error {
    constructor(
        override readonly cause: unknown,
        readonly work: UnfinishedWork,
    ) {
        super();
    }
}

const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = rpc.PropertyDiff.Kind;
const wireKinds: Readonly<Record<ChangeKind, readonly [plain: number, replacing: number]>> = {
    add: [ADD, ADD_REPLACE],
    delete: [DELETE, DELETE_REPLACE],
    update: [UPDATE, UPDATE_REPLACE],
};

/**
 * The provider as engines call it: each method answers the call of the same name of the ResourceProvider protocol
 * (proto/pulumi/provider.proto of pulumi/pulumi). It translates messages; `lib/provider` has the operations.
 */
export class PluginProvider {
    readonly #schema: () => PluginSchema;
    readonly #log: EngineLog;
    readonly #controller = new AbortController();
    readonly #process: ProviderProcess;
    readonly #lookups: Pick<BucketEncryptionResource, "lookUp" | "list">;
    readonly #resources: ReadonlyMap<string, ProvidedResource>;

    constructor({ schema, log, engineAddress, ended }: PluginProviderOptions) {
        this.#schema = schema;
        this.#log = log;
        this.#process = newProviderProcess({
            cancelled: this.#controller.signal,
            engineAddress,
            ended,
            notice: log.tell,
        });
        const resource = newResource(this.#process);
        this.#lookups = resource;
        this.#resources = new Map([
            [nativeTypes.bucketEncryption, singleBuckets(resource)],
            [nativeTypes.bucketEncryptionSet, sets(this.#process)],
        ]);
    }

    async handshake(request: rpc.ProviderHandshakeRequest): Promise<rpc.ProviderHandshakeResponse> {
        this.#log.connect(request.getEngineAddress());
        const answer = new rpc.ProviderHandshakeResponse();
        answer.setAcceptSecrets(true);
        return answer;
    }

    async getPluginInfo(): Promise<PluginInfo> {
        const answer = new PluginInfo();
        answer.setVersion(this.#schema().version);
        return answer;
    }

    async getSchema(): Promise<rpc.GetSchemaResponse> {
        const answer = new rpc.GetSchemaResponse();
        answer.setSchema(this.#schema().text);
        return answer;
    }

    /** Engines send no secret here in another form than plain, and mark the answer's secrets on their own. */
    async checkConfig(request: rpc.CheckRequest): Promise<rpc.CheckResponse> {
        const args = readProperties(request.getNews(), new Secrets());
        return checkResponse(canonicalArguments(args), argumentIssues(args), new Secrets());
    }

    /** Never a replacement of the provider: that would replace every resource, and each bucket stays the same. */
    async diffConfig(request: rpc.DiffRequest): Promise<rpc.DiffResponse> {
        const [before, after] = [request.getOldInputs() ?? request.getOlds(), request.getNews()].map((struct) =>
            canonicalArguments(readProperties(struct, new Secrets())),
        ) as [Properties, Properties];
        const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
        const changed = names.filter((name) => changesAt(name, before[name], after[name]).length > 0);
        return diffResponse(changed, detailedDiff(before, after, changed, []));
    }

    async configure(request: rpc.ConfigureRequest): Promise<rpc.ConfigureResponse> {
        const secrets = new Secrets();
        const args = readProperties(request.getArgs(), secrets);
        this.#process.configure(configurationOf(args, secrets));
        const answer = new rpc.ConfigureResponse();
        answer.setAcceptsecrets(true);
        answer.setSupportspreview(true);
        return answer;
    }

    /** Ends waits and further requests; running requests finish. Engines send it at the end of every operation, too. */
    cancel(): void {
        this.#controller.abort(cancellation());
    }

    async check(request: rpc.CheckRequest): Promise<rpc.CheckResponse> {
        const secrets = new Secrets();
        const declared = readProperties(request.getNews(), secrets);
        const before = readProperties(request.getOlds(), new Secrets());
        const resource = this.#resourceOf(request.getUrn());
        const { inputs, issues } = await resource.check(before, withoutMarks(declared), listerOf(declared));
        return checkResponse(inputs, issues, secrets);
    }

    async diff(request: rpc.DiffRequest): Promise<rpc.DiffResponse> {
        const [state, inputs] = [request.getOlds(), request.getNews()].map((struct) =>
            withoutMarks(readProperties(struct, new Secrets())),
        ) as [Properties, Properties];
        const { changed, replaces } = this.#resourceOf(request.getUrn()).diff(state, inputs);
        const ignored = request.getIgnorechangesList();
        // A change at no value is more than an ignored one: a rule that this operation has removed, or that drifted in a set.
        const isIgnored = (name: string) => ignored.includes(name) && !isSameValue(state[name], inputs[name]);
        const counted = changed.filter((name) => !isIgnored(name));
        const answer = diffResponse(counted, detailedDiff(state, inputs, counted, replaces));
        answer.setReplacesList(replaces.filter((name) => counted.includes(name)));
        // The rule before the old resource is then known when the new one is created.
        answer.setDeletebeforereplace(replaces.length > 0 && inputs.onDelete === "restore");
        return answer;
    }

    async create(request: rpc.CreateRequest): Promise<rpc.CreateResponse> {
        const secrets = new Secrets();
        const inputs = readProperties(request.getProperties(), secrets);
        const resource = this.#resourceOf(request.getUrn());
        const answer = new rpc.CreateResponse();
        answer.setRefreshBeforeUpdate(true);
        if (request.getPreview()) {
            await refuseFindings(resource.findings({}, inputs));
            answer.setProperties(writeProperties(inputs, secrets));
            return answer;
        }
        const { id, state } = await kept(resource.create(inputs), { inputs, secrets });
        answer.setId(id);
        answer.setProperties(writeState(state, secrets));
        return answer;
    }

    /** For a refresh (state and inputs are given), an import (neither is), and a lookup (only properties are). */
    async read(request: rpc.ReadRequest): Promise<rpc.ReadResponse> {
        const secrets = new Secrets();
        const state = withoutMarks(readProperties(request.getProperties(), secrets));
        readProperties(request.getInputs(), secrets);
        const reading = this.#resourceOf(request.getUrn()).read(request.getId(), state);
        const found = await (request.getInputs() === undefined ? reading : withRefreshCure(reading));
        const answer = new rpc.ReadResponse();
        if (found === undefined) return answer;
        answer.setId(found.id);
        answer.setProperties(writeState(found.state, secrets));
        answer.setInputs(writeProperties(found.inputs, secrets));
        answer.setRefreshBeforeUpdate(true);
        return answer;
    }

    async update(request: rpc.UpdateRequest): Promise<rpc.UpdateResponse> {
        const secrets = new Secrets();
        const state = withoutMarks(readProperties(request.getOlds(), secrets));
        const before = readProperties(request.getOldInputs(), new Secrets());
        const inputs = readProperties(request.getNews(), secrets);
        const resource = this.#resourceOf(request.getUrn());
        const answer = new rpc.UpdateResponse();
        answer.setRefreshBeforeUpdate(true);
        if (request.getPreview()) {
            await refuseFindings(resource.findings(before, inputs, state));
            answer.setProperties(writeProperties(inputs, secrets));
            return answer;
        }
        const updated = await kept(resource.update(state, inputs), { id: request.getId(), inputs, secrets });
        answer.setProperties(writeState(updated, secrets));
        return answer;
    }

    async delete(request: rpc.DeleteRequest): Promise<void> {
        const state = withoutMarks(readProperties(request.getProperties(), new Secrets()));
        await this.#resourceOf(request.getUrn()).delete(request.getId(), state);
    }

    async invoke(request: rpc.InvokeRequest): Promise<rpc.InvokeResponse> {
        const secrets = new Secrets();
        const args = readProperties(request.getArgs(), secrets);
        if (request.getTok() !== nativeTypes.getBucketEncryption) throw unknownToken(request.getTok());
        const { issues, found } = await this.#lookups.lookUp(args);
        const answer = new rpc.InvokeResponse();
        answer.setFailuresList(failuresOf(issues));
        if (found !== undefined) answer.setReturn(writeProperties(found, secrets));
        return answer;
    }

    /** The ids of the account's buckets, sorted. A page ends with the token that the next one begins after. */
    async *list(request: rpc.ListRequest): AsyncGenerator<rpc.ListResponse> {
        const query = readProperties(request.getQuery(), new Secrets());
        if (request.getToken() !== nativeTypes.bucketEncryption) throw unknownToken(request.getToken());
        if (holdsUnknown(query)) {
            const open = new rpc.ListResponse();
            open.setComputed(new rpc.ListResponse.Computed());
            yield open;
            return;
        }
        const [after, most] = [request.getContinuationToken(), mostListed(request)];
        let last: string | undefined;
        let count = 0;
        for await (const bucket of this.#lookups.list(query)) {
            if (after !== "" && bucket <= after) continue;
            if (count === most) {
                if (last !== undefined && !isLimit(request, most)) yield continuedAfter(last);
                return;
            }
            const result = new rpc.ListResponse.Result();
            result.setId(resourceId(query, bucket));
            result.setName(bucket);
            const answer = new rpc.ListResponse();
            answer.setResult(result);
            yield answer;
            last = bucket;
            count += 1;
        }
    }

    #resourceOf(urn: string): ProvidedResource {
        const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
        const resource = this.#resources.get(type);
        if (resource === undefined) throw unknownToken(type);
        return resource;
    }
}

/** How many buckets a call may answer with; 0 or less means no bound. */
function mostListed(request: rpc.ListRequest): number {
    const bounds = [request.getLimit(), request.getPageSize()].filter((bound) => bound > 0);
    return bounds.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...bounds);
}

/** Whether the listing ends there, and not only its page. */
function isLimit(request: rpc.ListRequest, most: number): boolean {
    return request.getLimit() > 0 && request.getLimit() <= most;
}

function continuedAfter(bucket: string): rpc.ListResponse {
    const continuation = new rpc.ListResponse.Continuation();
    continuation.setContinuationToken(bucket);
    const answer = new rpc.ListResponse();
    answer.setContinuation(continuation);
    return answer;
}

/** Kinds of failures that other settings or credentials may cure. */
const settingKinds: ReadonlySet<ErrorKind> = new Set([
    "no-credentials",
    "credentials-rejected",
    "role-not-assumed",
    "unreachable",
    "wrong-endpoint",
    "invalid-target",
    "wrong-account",
    "account-not-known",
    "buckets-failed",
]);

/**
 * Before an update an engine refreshes with the configuration of the last deployment, so a changed configuration does not reach the
 * reading that it should repair.
 */
async function withRefreshCure<T>(reading: Promise<T>): Promise<T> {
    try {
        return await reading;
    } catch (error) {
        if (!(error instanceof UserError) || !settingKinds.has(error.kind)) throw error;
        const what = error.message.replace(/\.$/, "");
        const cure =
            "The engine reads with the configuration of the last deployment: if it has changed since, deploy it with `pulumi up --refresh --run-program`.";
        throw new UserError(error.kind, what, {}, { cause: error, cure });
    }
}

async function kept<T>(work: Promise<T>, unfinished: UnfinishedWork): Promise<T> {
    try {
        return await work;
    } catch (cause) {
        throw new FailedWork(cause, unfinished);
    }
}

async function refuseFindings(work: ReturnType<ProvidedResource["findings"]>): Promise<void> {
    const findings = await work;
    if (findings.length > 0) throw new RefusedFindings(findings);
}

type Issues = readonly { readonly path: string; readonly message: string }[];

/** No failure names its property but in its text: the pulumi command prints the value of a property that is named, also of a secret. */
function failuresOf(issues: Issues): rpc.CheckFailure[] {
    return issues.map(({ path, message }) => {
        const failure = new rpc.CheckFailure();
        failure.setReason(`${path}: ${message}`);
        return failure;
    });
}

function checkResponse(inputs: Properties, issues: Issues, secrets: Secrets): rpc.CheckResponse {
    const answer = new rpc.CheckResponse();
    answer.setInputs(writeProperties(inputs, secrets));
    answer.setFailuresList(failuresOf(issues));
    return answer;
}

function diffResponse(changed: readonly string[], changes: readonly PropertyChange[]): rpc.DiffResponse {
    const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
    const answer = new rpc.DiffResponse();
    answer.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
    answer.setDiffsList([...changed]);
    answer.setHasdetaileddiff(true);
    for (const { path, kind, replaces } of changes) {
        const change = new rpc.PropertyDiff();
        change.setKind(wireKinds[kind][replaces ? 1 : 0] as typeof ADD);
        answer.getDetaileddiffMap().set(path, change);
    }
    return answer;
}

function unknownToken(token: string): UserError {
    const known = Object.values(nativeTypes).join(", ");
    return new UserError("unknown-type", `This plugin has no ${JSON.stringify(token)}; it has ${known}`);
}
