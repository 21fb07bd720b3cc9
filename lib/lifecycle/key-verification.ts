import type { KnownDeclaration, Reach } from "../declaration";
import { UserError } from "../errors";
import { keyIdentity, keyOwner, type RuleIssue } from "../rule";
import type { KeyFacts } from "../stores";
import type { KeyRequest, LifecyclePorts } from "./lifecycle-ports";

const keyCure = "Correct `kmsMasterKeyId`, or set `verifyKey` to false to deploy without this check.";

/**
 * Looks declared keys up before they are used, and remembers which key each alias names. A key that cannot be used is an issue; one
 * that cannot be looked up is a warning.
 */
export class KeyVerification {
    readonly #ports: Pick<LifecyclePorts, "lookUpKey" | "notice">;
    readonly #keyIds = new Map<string, string>();
    readonly #warned = new Set<string>();
    /** Keys that cannot be used, by how the buckets are reached for which they were looked up, and by name. */
    readonly #unusable = new Map<Reach, Map<string, readonly string[]>>();

    constructor(ports: Pick<LifecyclePorts, "lookUpKey" | "notice">) {
        this.#ports = ports;
    }

    /** The key that a name stands for, as far as lookups have found it. */
    readonly identity = (name: string | undefined): string | undefined => {
        const plain = keyIdentity(name);
        return plain === undefined ? undefined : (this.#keyIds.get(plain) ?? plain);
    };

    /**
     * @param request with the region of the bucket; an ARN names the key's own
     * @param reach of the buckets that use the key
     */
    async issues(request: KeyRequest, reach: Reach): Promise<RuleIssue[]> {
        const faults = await this.#lookUp(request);
        if (faults.length === 0) return [];
        this.#unusable.set(reach, new Map(this.#unusable.get(reach)).set(request.name, faults));
        return faults.map((message) => ({
            code: "not-usable",
            path: "kmsMasterKeyId",
            // The message does not repeat the key, which may be a secret of the stack.
            message: `${message}. ${keyCure.replace(/\.$/, "")}`,
        }));
    }

    /** @throws UserError of kind `key-unusable` when the lookup in this operation found that the declared key cannot be used */
    refuseUnusable({ bucket, reach, rule: { kmsMasterKeyId: name } }: KnownDeclaration): void {
        const faults = name === undefined ? undefined : this.#unusable.get(reach)?.get(name);
        if (faults === undefined) return;
        throw new UserError("key-unusable", `kmsMasterKeyId ${faults.join("; ")}`, { bucket }, { cure: keyCure });
    }

    async #lookUp(request: KeyRequest): Promise<string[]> {
        const { name, region } = request;
        const plain = keyIdentity(name);
        if (plain === undefined) return [];
        const lookup = await this.#ports.lookUpKey({ ...request, region: keyOwner(name)?.region ?? region });
        if (lookup === undefined) {
            if (request.isAskedFor) this.#warn("the bucket's region is not known; set `region`");
            return [];
        }
        if ("unknown" in lookup) {
            this.#warn(lookup.unknown);
            return [];
        }
        if ("missing" in lookup) return ["names no key that KMS knows in this region and account"];
        const { found } = lookup;
        this.#keyIds.set(plain, found.keyId);
        return faultsOf(found, name, region);
    }

    #warn(why: string): void {
        if (this.#warned.has(why)) return;
        this.#warned.add(why);
        this.#ports.notice(`warning: the KMS key could not be verified: KMS cannot be asked (${why})`);
    }
}

function faultsOf({ state, spec, usage, arn }: KeyFacts, name: string, region: string | undefined): string[] {
    const owner = arn === undefined ? undefined : keyOwner(arn);
    const expected = keyOwner(name);
    const isSymmetric = spec === undefined || /^Aliyun_(AES_\d+|SM4)$/.test(spec);
    return [
        ...(state === undefined || state === "Enabled" ? [] : [`names a key in the state ${state}, not Enabled`]),
        ...(isSymmetric ? [] : [`names a key of the kind ${spec}, which is not for symmetric encryption`]),
        ...(usage === undefined || usage === "ENCRYPT/DECRYPT"
            ? []
            : [`names a key for ${usage}, not for ENCRYPT/DECRYPT`]),
        ...(owner === undefined || region === undefined || owner.region === region
            ? []
            : [`names a key in the region ${owner.region}; the bucket is in ${region}`]),
        ...(owner === undefined || expected === undefined || owner.account === expected.account
            ? []
            : [`names a key of the account ${expected.account}, but KMS gives one of ${owner.account}`]),
    ];
}
