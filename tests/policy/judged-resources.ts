import { type PolicyResource, type ResourceValidationPolicy, Secret, type StackValidationPolicy } from "@pulumi/policy";

// What the SDK wraps properties in. It is internal, and so is left out of the SDK's types.
type Wrap = <Value extends object>(value: Value) => Value;
const { unknownCheckingProxy, unknownStringValue } = require("@pulumi/policy/proxy") as {
    unknownCheckingProxy: Wrap;
    unknownStringValue: string;
};
const { secretsPreservingProxy } = require("@pulumi/policy/secret") as { secretsPreservingProxy: Wrap };

/** Values as the SDK holds them for a remediation; secrets stay secrets. */
function copied(value: unknown): unknown {
    if (value instanceof Secret) return new Secret(copied(value.value));
    if (Array.isArray(value)) return value.map(copied);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copied(part)]));
}

/** How a preview writes text that it does not know yet. */
export const unknownText: string = unknownStringValue;

export const ours = "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption";
export const ourSet = "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryptionSet";
export const ossBucket = "alicloud:oss/bucket:Bucket";
export const ossEncryption = "alicloud:oss/bucketServerSideEncryption:BucketServerSideEncryption";
export const kmsKey = "alicloud:kms/key:Key";
export const s3Bucket = "aws:s3/bucket:Bucket";
export const s3BucketV2 = "aws:s3/bucketV2:BucketV2";
export const s3Encryption = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";

/** A resource of a stack, in short. */
export interface Declared {
    readonly type: string;
    readonly props: Readonly<Record<string, unknown>>;
    readonly name?: string;
    readonly opts?: { readonly protect?: boolean; readonly ignoreChanges?: readonly string[] };
    readonly provider?: { readonly type: string; readonly props: Readonly<Record<string, unknown>> };
    /** Names of the resources from which a property takes its value. */
    readonly dependencies?: Readonly<Record<string, readonly string[]>>;
    /** What it has after the deployment, where that is more. */
    readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface Verdict {
    readonly violations: readonly string[];
    /** The SDK's warning about an unknown value. */
    readonly warning?: string;
}

type AnyPolicy = Partial<ResourceValidationPolicy> & Partial<StackValidationPolicy>;

const defaultName = "thing";

/** Hands resources to a policy as the SDK does: unknown values throw when they are touched. */
export class PolicyUnderTest {
    readonly #policy: object;
    readonly #config: object;
    readonly #stack: string;

    constructor(policy: object, config: object = {}, stack = "dev") {
        this.#policy = policy;
        this.#config = config;
        this.#stack = stack;
    }

    async judge(resource: Declared): Promise<Verdict> {
        const { validateResource } = this.#policy as AnyPolicy;
        if (typeof validateResource !== "function") throw new Error("the policy judges no resources");
        return verdictOf((report) => validateResource(this.#arguments(resource) as never, report));
    }

    /** The configuration's faults, which a policy reports with the stack's own resource. */
    async faults(): Promise<readonly string[]> {
        return (await this.judge({ type: "pulumi:pulumi:Stack", props: {}, name: "project-dev" })).violations;
    }

    /** Each resource alone, and then the stack, as an engine does. Texts begin with the resource's name. */
    async judgeStack(resources: readonly Declared[]): Promise<Verdict> {
        const each = [];
        for (const resource of resources) {
            const { violations, ...rest } = await this.judge(resource);
            each.push({ ...rest, violations: violations.map((text) => `${nameOf(resource)}: ${text}`) });
        }
        const { validateStack } = this.#policy as AnyPolicy;
        if (validateStack === undefined) throw new Error("the policy judges no stacks");
        const members = new Map(resources.map((one) => [nameOf(one), this.#arguments(one, one.outputs)]));
        for (const one of resources) {
            const member = members.get(nameOf(one)) as unknown as { propertyDependencies: Record<string, unknown> };
            member.propertyDependencies = Object.fromEntries(
                Object.entries(one.dependencies ?? {}).map(([property, names]) => [
                    property,
                    names.map((name) => members.get(name)),
                ]),
            );
        }
        const whole = await verdictOf((report) =>
            validateStack(
                {
                    resources: [...members.values()] as unknown as PolicyResource[],
                    getConfig: () => this.#config,
                } as never,
                (text: string, urn?: string) => report(`${urn?.split("::").at(-1)}: ${text}`),
            ),
        );
        const warning = [...each, whole].find((verdict) => verdict.warning !== undefined)?.warning;
        const violations = [...each, whole].flatMap((verdict) => verdict.violations);
        return { violations, ...(warning === undefined ? {} : { warning }) };
    }

    /** @returns the properties that a remediation makes of a resource's; `undefined` when it changes none */
    async remediate(resource: Declared): Promise<Record<string, unknown> | undefined> {
        const { remediateResource } = this.#policy as AnyPolicy;
        if (remediateResource === undefined) throw new Error("the policy mends nothing");
        const raw = copied(resource.props) as Record<string, unknown>;
        const props = unknownCheckingProxy(secretsPreservingProxy(raw));
        const changed = await remediateResource({ ...this.#arguments(resource), props } as never);
        return changed === undefined ? undefined : raw;
    }

    #arguments(resource: Declared, outputs?: Readonly<Record<string, unknown>>) {
        const { type, props, opts = {}, provider } = resource;
        const name = nameOf(resource);
        return {
            type,
            name,
            urn: `urn:pulumi:${this.#stack}::project::${type}::${name}`,
            props: unknownCheckingProxy({ ...props, ...outputs }),
            opts: { protect: false, ignoreChanges: [], ...opts },
            provider: provider === undefined ? undefined : { ...provider, props: unknownCheckingProxy(provider.props) },
            dependencies: [],
            propertyDependencies: {},
            getConfig: () => this.#config,
        };
    }
}

function nameOf({ name = defaultName }: Declared): string {
    return name;
}

async function verdictOf(run: (report: (text: string) => void) => unknown): Promise<Verdict> {
    const violations: string[] = [];
    try {
        await run((text) => violations.push(text));
        return { violations };
    } catch (error) {
        if (!(error instanceof Error && "unknownTypeSentinel" in error)) throw error;
        return { violations, warning: error.message };
    }
}
