import { createHash } from "node:crypto";
import {
    createServer,
    type IncomingMessage,
    type OutgoingHttpHeaders,
    type Server,
    type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { Faults } from "../../../lib/local-cloud/faults";
import { Journal } from "../../../lib/local-cloud/journal";
import { type S3Keys, type SignedRequest, signerOf } from "./s3-signature";

/** A bucket's rule, with every setting that S3 answers. */
export interface RuleInS3 {
    readonly sseAlgorithm: "AES256" | "KMS" | "KMS_DSSE";
    readonly kmsMasterKeyId?: string;
    readonly bucketKeyEnabled: boolean;
    /** `["NONE"]` where nothing is blocked. */
    readonly blockedEncryptionTypes: readonly string[];
}

export interface S3ServiceOptions {
    /** The account of all buckets, 12 digits. */
    readonly owner: string;
    /** Who may sign. The keys of other accounts than the owner's may only assume its role. */
    readonly keys: readonly S3Keys[];
    /** The role of the owner that others may assume, and the secret of its sessions. */
    readonly role?: { readonly arn: string; readonly secret: string };
    /** What each bucket has; `undefined` is what the service gives. */
    readonly buckets: ReadonlyMap<string, RuleInS3 | undefined>;
    /** What another service has kept. */
    readonly objects?: ReadonlyMap<string, ObjectInS3>;
    /** Whether a bucket has `AES256` by itself and blocks SSE-C, as in AWS. In other services it has no rule. */
    readonly isAws?: boolean;
    readonly now?: () => number;
    readonly port?: number;
}

type Answer = readonly [status: number, body: string, headers?: OutgoingHttpHeaders];

/** An object, with the rule that its bucket had when it was written. */
interface ObjectInS3 {
    readonly body: Buffer;
    readonly rule: RuleInS3 | undefined;
}

const names = { AES256: "AES256", KMS: "aws:kms", KMS_DSSE: "aws:kms:dsse" } as const;
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html */
const givenByAws: RuleInS3 = {
    sseAlgorithm: "AES256",
    bucketKeyEnabled: false,
    blockedEncryptionTypes: ["SSE-C"],
};
const operations: Readonly<Record<string, string>> = {
    GET: "GetBucketEncryption",
    PUT: "PutBucketEncryption",
    DELETE: "DeleteBucketEncryption",
};
const objectOperations: Readonly<Record<string, string>> = {
    GET: "GetObject",
    PUT: "PutObject",
    DELETE: "DeleteObject",
};

/** The rules of S3's buckets, their objects, and STS's `AssumeRole`, on loopback. Shares no code with the clients. */
export class S3Service {
    readonly journal = new Journal();
    readonly faults = new Faults();
    readonly #options: S3ServiceOptions;
    readonly #rules: Map<string, RuleInS3 | undefined>;
    /** By path. */
    readonly #objects: Map<string, ObjectInS3>;
    readonly #sessions = new Map<string, S3Keys>();
    readonly #server: Server;

    private constructor(options: S3ServiceOptions) {
        this.#options = options;
        this.#rules = new Map(options.buckets);
        this.#objects = new Map(options.objects);
        this.#server = createServer((incoming, response) => void this.#serve(incoming, response));
    }

    static async start(options: S3ServiceOptions): Promise<S3Service> {
        const service = new S3Service(options);
        await new Promise<void>((resolve) => service.#server.listen(options.port ?? 0, "127.0.0.1", resolve));
        return service;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    /** What is kept of each bucket, for a service that goes on with it. */
    get buckets(): ReadonlyMap<string, RuleInS3 | undefined> {
        return this.#rules;
    }

    /** What is kept of each object, for a service that goes on with it. */
    get objects(): ReadonlyMap<string, ObjectInS3> {
        return this.#objects;
    }

    bucketRule(bucket: string): RuleInS3 | undefined {
        return this.#rules.get(bucket) ?? (this.#options.isAws ? givenByAws : undefined);
    }

    /** Changes a rule outside any stack. `undefined` leads back to what the service gives. */
    setBucketRule(bucket: string, rule: RuleInS3 | undefined): void {
        this.#rules.set(bucket, rule);
    }

    async stop(): Promise<void> {
        this.#server.closeAllConnections();
        await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    }

    async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
        const chunks: Buffer[] = [];
        try {
            for await (const chunk of incoming) chunks.push(chunk);
        } catch {
            return; // The client has gone.
        }
        const { method = "", url = "", headers } = incoming;
        const request = { method, url, headers, body: Buffer.concat(chunks) };
        const { pathname, searchParams } = new URL(url, "http://s3");
        const [byHost] = /^.+(?=\.s3\.[a-z0-9-]+\.amazonaws\.com$)/.exec(headers.host ?? "") ?? [];
        const bucket = byHost ?? pathname.split("/")[1] ?? "";
        const object = byHost === undefined ? pathname.split("/").slice(2).join("/") : pathname.slice(1);
        const ofObject = object === "" ? undefined : objectOperations[method];
        const operation = searchParams.has("encryption") ? operations[method] : ofObject;
        const fault = this.faults.take({ operation, bucket });
        const [status, body, more] =
            fault === undefined || fault.kind === "wrong-xml"
                ? this.#answer(request, bucket, operation, object)
                : fault.kind === "status"
                  ? refusal(fault.status, fault.code)
                  : refusal(503, "SlowDown");
        this.journal.record({
            method,
            bucket,
            operation,
            account: undefined,
            status,
            fault: fault?.kind,
        });
        response.writeHead(status, {
            "content-type": "application/xml",
            // The SDK corrects its clock by it.
            date: new Date(this.#now()).toUTCString(),
            "x-amz-request-id": "4442587FB7D0A2F9",
            ...more,
        });
        response.end(fault?.kind === "wrong-xml" ? body.slice(0, -3) : body);
    }

    #now(): number {
        return this.#options.now?.() ?? Date.now();
    }

    #answer(request: SignedRequest, bucket: string, operation: string | undefined, object: string): Answer {
        const known = [...this.#options.keys, ...this.#sessions.values()];
        const signed = signerOf(request, known, this.#now());
        if (typeof signed === "string") return refusal(signed === "XAmzContentSHA256Mismatch" ? 400 : 403, signed);
        if (request.method === "POST") return this.#assumeRole(new URLSearchParams(request.body.toString()));
        if (operation === undefined) return refusal(501, "NotImplemented");
        if (!this.#rules.has(bucket)) return refusal(404, "NoSuchBucket");
        const expected = request.headers["x-amz-expected-bucket-owner"] ?? this.#options.owner;
        if (signed.account !== this.#options.owner || expected !== this.#options.owner)
            return refusal(403, "AccessDenied");
        switch (operation) {
            case "GetBucketEncryption": {
                const rule = this.bucketRule(bucket);
                return rule === undefined
                    ? refusal(404, "ServerSideEncryptionConfigurationNotFoundError")
                    : [200, documentOf(rule)];
            }
            case "PutBucketEncryption": {
                const { "content-md5": digest } = request.headers;
                if (digest !== undefined && digest !== createHash("md5").update(request.body).digest("base64"))
                    return refusal(400, "BadDigest");
                const rule = ruleIn(request.body.toString());
                if (rule === undefined) return refusal(400, "MalformedXML");
                this.#rules.set(bucket, rule);
                return [200, ""];
            }
            case "DeleteBucketEncryption":
                this.#rules.set(bucket, undefined);
                return [204, ""];
            default:
                return this.#answerOfObject(request, bucket, `${bucket}/${object}`);
        }
    }

    #answerOfObject({ method, body }: SignedRequest, bucket: string, place: string): Answer {
        if (method === "PUT") {
            this.#objects.set(place, { body, rule: this.bucketRule(bucket) });
            return [200, ""];
        }
        if (method === "DELETE") {
            this.#objects.delete(place);
            return [204, ""];
        }
        const found = this.#objects.get(place);
        if (found === undefined) return refusal(404, "NoSuchKey");
        const { rule } = found;
        const key = rule?.kmsMasterKeyId;
        const headers = {
            ...(rule && { "x-amz-server-side-encryption": names[rule.sseAlgorithm] }),
            ...(key !== undefined && { "x-amz-server-side-encryption-aws-kms-key-id": key }),
        };
        return [200, found.body.toString(), headers];
    }

    #assumeRole(parameters: URLSearchParams): Answer {
        const { role, owner } = this.#options;
        if (role === undefined || parameters.get("RoleArn") !== role.arn) return refusal(403, "AccessDenied");
        const id = `ASIA${String(this.#sessions.size).padStart(16, "0")}`;
        this.#sessions.set(id, { id, secret: role.secret, account: owner, token: `token of ${id}` });
        const expiration = new Date(this.#now() + 3_600_000).toISOString();
        return [
            200,
            `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${role.secret}</SecretAccessKey><SessionToken>token of ${id}</SessionToken><Expiration>${expiration}</Expiration></Credentials><AssumedRoleUser><Arn>${role.arn}/session</Arn><AssumedRoleId>AROA0:session</AssumedRoleId></AssumedRoleUser></AssumeRoleResult><ResponseMetadata><RequestId>4442587F</RequestId></ResponseMetadata></AssumeRoleResponse>`,
        ];
    }
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

function refusal(status: number, code: string): Answer {
    const text = `<Code>${code}</Code><Message>Said about ${code}.</Message><RequestId>4442587FB7D0A2F9</RequestId>`;
    return [status, `${declaration}<Error>${text}<HostId>host</HostId></Error>`];
}

function documentOf(rule: RuleInS3): string {
    const key = rule.kmsMasterKeyId === undefined ? "" : `<KMSMasterKeyID>${rule.kmsMasterKeyId}</KMSMasterKeyID>`;
    const types = rule.blockedEncryptionTypes.map((type) => `<EncryptionType>${type}</EncryptionType>`).join("");
    return `${declaration}<ServerSideEncryptionConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>${names[rule.sseAlgorithm]}</SSEAlgorithm>${key}</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>${rule.bucketKeyEnabled}</BucketKeyEnabled><BlockedEncryptionTypes>${types}</BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>`;
}

const parser = new XMLParser({
    parseTagValue: false,
    isArray: (name) => name === "Rule" || name === "EncryptionType",
});

/** The one rule of a configuration, `undefined` for what S3 refuses. A setting that is left out is off: a write replaces everything. */
function ruleIn(text: string): RuleInS3 | undefined {
    if (XMLValidator.validate(text) !== true) return undefined;
    const rules = parser.parse(text).ServerSideEncryptionConfiguration?.Rule;
    if (rules?.length !== 1) return undefined;
    const [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled = "false", BlockedEncryptionTypes }] =
        rules;
    const found = Object.entries(names).find(([, name]) => name === byDefault?.SSEAlgorithm);
    if (found === undefined || !["true", "false"].includes(BucketKeyEnabled)) return undefined;
    const sseAlgorithm = found[0] as keyof typeof names;
    const kmsMasterKeyId = byDefault.KMSMasterKeyID;
    const bucketKeyEnabled = BucketKeyEnabled === "true";
    if (kmsMasterKeyId !== undefined && sseAlgorithm === "AES256") return undefined;
    const blockedEncryptionTypes: string[] = BlockedEncryptionTypes?.EncryptionType ?? ["NONE"];
    return {
        sseAlgorithm,
        ...(kmsMasterKeyId === undefined ? {} : { kmsMasterKeyId }),
        bucketKeyEnabled,
        blockedEncryptionTypes,
    };
}
