import { SecurityTokenService, staticCredentials } from "../../../lib/accounts";
import { KmsKeys } from "../../../lib/accounts/kms-keys";
import { OssStores } from "../../../lib/stores/oss/oss-stores";
import { S3Stores } from "../../../lib/stores/s3/s3-stores";
import { ScriptedServer } from "../../stores/oss/scripted-server";
import { storeAt, testKeys } from "../../stores/s3/store-under-test";
import type { FuzzReader, FuzzTarget } from "../fuzz-target";

const keys = { accessKeyId: "local-key-id", accessKeySecret: "local-key-secret" };

/** @param statuses one of them is each answer's, by the input's length */
async function answering(
    statuses: readonly number[],
    contentType: string,
    ask: (endpoint: string) => { readonly request: () => Promise<unknown>; readonly close?: () => void },
): Promise<FuzzReader> {
    let body = Buffer.alloc(0);
    const server = await ScriptedServer.start((_request, response) => {
        const status = statuses[body.length % statuses.length] ?? 200;
        response.writeHead(status, { "content-type": contentType, "x-oss-request-id": "5F6C1DA1E4A4D13133ABCDEF" });
        response.end(body);
        return undefined;
    });
    const { request, close } = ask(server.endpoint);
    return {
        async read(input) {
            body = Buffer.from(input);
            server.requests.length = 0;
            return await request();
        },
        async close() {
            close?.();
            await server.stop();
        },
    };
}

function ossAt(endpoint: string) {
    const limits = { attempts: 1, firstDelayMilliseconds: 1, longestDelayMilliseconds: 1 };
    const stores = new OssStores(staticCredentials(keys), limits);
    return {
        store: stores.at({ region: "cn-hangzhou", endpoint }),
        directory: stores.directory({ region: "cn-hangzhou", endpoint }),
        close: () => stores.close(),
    };
}

function s3At(endpoint: string) {
    const stores = new S3Stores({ credentials: async () => testKeys }, { attempts: 1 });
    return { directory: stores.directory({ endpoint }), close: () => stores.close() };
}

/** Asks the stores of a service, with each input as its answer. */
const openStores =
    <Stores extends { close(): void }>(
        statuses: readonly number[],
        storesAt: (endpoint: string) => Stores,
        request: (stores: Stores) => Promise<unknown>,
    ) =>
    (): Promise<FuzzReader> =>
        answering(statuses, "application/xml", (endpoint) => {
            const stores = storesAt(endpoint);
            return { request: () => request(stores), close: () => stores.close() };
        });

const xml = (text: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${text}`;
const rules = [
    "<SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>9468da86-3509-4f8d-a61e-6eab1eac</KMSMasterKeyID><KMSDataEncryption>SM4</KMSDataEncryption>",
    "<SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID></KMSMasterKeyID>",
].map((fields) =>
    xml(
        `<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault>${fields}</ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>`,
    ),
);
const errors = [
    "<Code>NoSuchServerSideEncryptionRule</Code><Message>The server side encryption configuration does not exist.</Message><BucketName>logs</BucketName><EC>0035-00000001</EC>",
    "<Code>AccessDenied</Code><Message>The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.</Message><Endpoint>oss-cn-beijing.aliyuncs.com</Endpoint><Bucket>logs</Bucket><EC>0003-00001403</EC>",
    "<Code>NoSuchBucket</Code><Message>The specified bucket does not exist.</Message><BucketName>logs</BucketName><EC>0015-00000101</EC>",
    "<Code>RequestTimeTooSkewed</Code><Message>The difference between the request time and the current time is too large.</Message><MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds><RequestTime>2026-01-01T00:00:00.000Z</RequestTime><ServerTime>2026-11-28T00:00:00.000Z</ServerTime>",
    "<Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match.</Message><StringToSign>OSS4-HMAC-SHA256</StringToSign>",
].map((fields) =>
    xml(`<Error>${fields}<RequestId>5F6C1DA1E4A4D13133ABCDEF</RequestId><HostId>127.0.0.1</HostId></Error>`),
);
const pages = [
    xml(
        "<ListAllMyBucketsResult><Owner><ID>1000000000000001</ID><DisplayName>1000000000000001</DisplayName></Owner><Buckets><Bucket><CreationDate>2014-02-17T18:12:43.000Z</CreationDate><ExtranetEndpoint>oss-cn-shanghai.aliyuncs.com</ExtranetEndpoint><IntranetEndpoint>oss-cn-shanghai-internal.aliyuncs.com</IntranetEndpoint><Location>oss-cn-shanghai</Location><Name>app-base-oss</Name><Region>cn-shanghai</Region><StorageClass>Standard</StorageClass></Bucket><Bucket><CreationDate>2014-02-25T11:21:04.000Z</CreationDate><Location>oss-cn-hangzhou</Location><Name>mybucket</Name><StorageClass>IA</StorageClass></Bucket></Buckets></ListAllMyBucketsResult>",
    ),
];
const infos = [
    xml(
        "<BucketInfo><Bucket><CreationDate>2013-07-31T10:56:21.000Z</CreationDate><ExtranetEndpoint>oss-cn-hangzhou.aliyuncs.com</ExtranetEndpoint><Location>oss-cn-hangzhou</Location><StorageClass>Standard</StorageClass><Name>logs</Name><Owner><DisplayName>name</DisplayName><ID>1000000000000001</ID></Owner><AccessControlList><Grant>private</Grant></AccessControlList><ServerSideEncryptionRule><SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>key</KMSMasterKeyID></ServerSideEncryptionRule></Bucket></BucketInfo>",
    ),
];
const tagDocuments = [
    xml(
        "<Tagging><TagSet><Tag><Key>stage</Key><Value>production</Value></Tag><Tag><Key>team</Key><Value></Value></Tag></TagSet></Tagging>",
    ),
];

const s3Rules = [
    xml(
        '<ServerSideEncryptionConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>arn:aws:kms:eu-central-1:123456789012:key/1234abcd</KMSMasterKeyID></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled><BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>',
    ),
    xml(
        "<Error><Code>ServerSideEncryptionConfigurationNotFoundError</Code><Message>The server side encryption configuration was not found</Message><BucketName>logs</BucketName><RequestId>A</RequestId><HostId>B</HostId></Error>",
    ),
    xml(
        "<Error><Code>PermanentRedirect</Code><Message>The bucket is in another region.</Message><Endpoint>logs.s3.eu-west-1.amazonaws.com</Endpoint><Bucket>logs</Bucket></Error>",
    ),
];

const inAnHour = "2099-01-01T00:00:00Z";
const stsAnswers = [
    JSON.stringify({
        RequestId: "6894B13B-6D71-4EF5-88FA-F32781734A7F",
        AssumedRoleUser: { Arn: "acs:ram::1:role/x/y", AssumedRoleId: "344:y" },
        Credentials: { SecurityToken: "token", Expiration: inAnHour, AccessKeySecret: "secret", AccessKeyId: "STS.id" },
    }),
    JSON.stringify({
        RequestId: "6894B13B",
        HostId: "sts",
        Code: "NoPermission",
        Message: "You are not authorized to do this action.",
        Recommend: "https://example",
    }),
];
const callerAnswers = [
    JSON.stringify({
        IdentityType: "RAMUser",
        AccountId: "1000000000000001",
        RequestId: "2C9BE469",
        PrincipalId: "216959339000",
        UserId: "216959339000",
        Arn: "acs:ram::1000000000000001:user/admin",
    }),
];
const kmsAnswers = [
    JSON.stringify({
        RequestId: "8eaeaa8b",
        KeyMetadata: {
            KeyId: "key-1",
            KeyState: "Enabled",
            KeyUsage: "ENCRYPT/DECRYPT",
            KeySpec: "Aliyun_AES_256",
            Arn: "acs:kms:cn-hangzhou:1:key/key-1",
            CreationDate: "2016-03-25T10:42:40Z",
            Origin: "Aliyun_KMS",
        },
    }),
    JSON.stringify({
        RequestId: "8eaeaa8b",
        Code: "Forbidden.KeyNotFound",
        Message: "The specified Key is not found.",
        HostId: "kms",
    }),
];

const role = { roleArn: "acs:ram::1000000000000001:role/encryption-admin" };
const caller = staticCredentials(keys);
const isOver = AbortSignal.abort(new Error("no further attempt"));

async function all(items: AsyncIterable<unknown>): Promise<unknown[]> {
    const found: unknown[] = [];
    for await (const item of items) {
        found.push(item);
        // A server that always names a next page is not under test.
        if (found.length > 5000) break;
    }
    return found;
}

/** What OSS, S3, STS and KMS answer. */
export const serviceAnswers: readonly FuzzTarget[] = [
    {
        name: "oss-rule",
        samples: () => rules,
        open: openStores([200], ossAt, ({ store }) => store.getRule("logs")),
    },
    {
        name: "oss-error",
        samples: () => errors,
        open: openStores([404, 403, 400, 409, 301, 500, 503], ossAt, ({ store }) => store.getRule("logs")),
    },
    {
        name: "oss-bucket-list",
        samples: () => pages,
        open: openStores([200], ossAt, ({ directory }) => all(directory.listBuckets())),
    },
    {
        name: "oss-bucket-info",
        samples: () => infos,
        open: openStores([200], ossAt, ({ directory }) => directory.describeBucket("logs")),
    },
    {
        name: "oss-bucket-tags",
        samples: () => tagDocuments,
        open: openStores([200], ossAt, ({ directory }) => directory.tagsOf("logs")),
    },
    {
        name: "s3-rule",
        samples: () => s3Rules,
        open: openStores(
            [200, 404, 301, 403],
            (endpoint) => storeAt({ endpoint, forcePathStyle: true }, {}, { attempts: 1 }),
            (store) => store.getRule("logs"),
        ),
    },
    {
        name: "s3-bucket-list",
        samples: () => [
            xml(
                '<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Buckets><Bucket><Name>logs</Name><CreationDate>2024-05-01T10:00:00.000Z</CreationDate><BucketRegion>eu-central-1</BucketRegion></Bucket><Bucket><Name>photos</Name></Bucket></Buckets><Owner><ID>0f</ID></Owner></ListAllMyBucketsResult>',
            ),
        ],
        open: openStores([200, 200, 403], s3At, ({ directory }) => all(directory.listBuckets())),
    },
    {
        name: "s3-bucket-tags",
        samples: () => [
            xml(
                '<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet><Tag><Key>stage</Key><Value>production</Value></Tag><Tag><Key>team</Key><Value></Value></Tag></TagSet></Tagging>',
            ),
        ],
        open: openStores([200, 200, 404], s3At, ({ directory }) => directory.tagsOf("logs")),
    },
    {
        name: "sts-session",
        samples: () => stsAnswers,
        open: () =>
            answering([200, 200, 403, 500], "application/json", (endpoint) => ({
                request: () => new SecurityTokenService(endpoint, { cancelled: isOver }).assumeRole(role, caller),
            })),
    },
    {
        name: "sts-caller",
        samples: () => callerAnswers,
        open: () =>
            answering([200, 200, 403, 500], "application/json", (endpoint) => ({
                request: () => new SecurityTokenService(endpoint, { cancelled: isOver }).callerIdentity(caller),
            })),
    },
    {
        name: "kms-key",
        samples: () => kmsAnswers,
        open: () =>
            answering([200, 200, 404, 403], "application/json", (endpoint) => ({
                request: () => new KmsKeys(caller).lookUp("key-1", endpoint),
            })),
    },
];
