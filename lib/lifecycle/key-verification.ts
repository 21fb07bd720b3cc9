import { keyIdentity, keyOwner, type RuleIssue } from "../rule";
import type { KeyFacts, KeyRequest, LifecyclePorts } from "./lifecycle-ports";

/**
 * Looks declared keys up before they are used, and remembers which key each alias names. A key that is known to be unusable
 * is an issue; that it can't be known is a warning.
 */
export class KeyVerification {
    readonly #ports: Pick<LifecyclePorts, "lookUpKey" | "notice">;
    readonly #keyIds = new Map<string, string>();
    readonly #told = new Set<string>();

    constructor(ports: Pick<LifecyclePorts, "lookUpKey" | "notice">) {
        this.#ports = ports;
    }

    /** What a key's name stands for, as far as it is known by now. */
    readonly identity = (name: string | undefined): string | undefined => {
        const plain = keyIdentity(name);
        return plain === undefined ? undefined : (this.#keyIds.get(plain) ?? plain);
    };

    /** @param request with the region of the bucket; an ARN names the key's own */
    async issues(request: KeyRequest): Promise<RuleIssue[]> {
        const { name, region } = request;
        const plain = keyIdentity(name);
        if (plain === undefined) return [];
        const lookup = await this.#ports.lookUpKey({ ...request, region: keyOwner(name)?.region ?? region });
        if (lookup === undefined) {
            if (request.isAskedFor) this.#tellUnknown("the bucket's region isn't known; set `region`");
            return [];
        }
        if ("unknown" in lookup) {
            this.#tellUnknown(lookup.unknown);
            return [];
        }
        if ("missing" in lookup) return [issue("names no key that KMS knows in this region and account")];
        const { found } = lookup;
        this.#keyIds.set(plain, found.keyId);
        return faultsOf(found, name, region).map(issue);
    }

    #tellUnknown(why: string): void {
        if (this.#told.has(why)) return;
        this.#told.add(why);
        this.#ports.notice(`warning: whether the KMS key can be used isn't known: KMS can't be asked (${why})`);
    }
}

function faultsOf({ state, spec, usage, arn }: KeyFacts, name: string, region: string | undefined): string[] {
    const owner = arn === undefined ? undefined : keyOwner(arn);
    const expected = keyOwner(name);
    const isSymmetric = spec === undefined || /^Aliyun_(AES_\d+|SM4)$/.test(spec);
    return [
        ...(state === undefined || state === "Enabled" ? [] : [`names a key in the state ${state}, not Enabled`]),
        ...(isSymmetric ? [] : [`names a key of the kind ${spec}, which isn't one for symmetric encryption`]),
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

// The key isn't repeated: it may be a secret of the stack.
function issue(message: string): RuleIssue {
    return {
        code: "not-usable",
        path: "kmsMasterKeyId",
        message: `${message}; correct it, or set verifyKey to false to deploy all the same`,
    };
}
