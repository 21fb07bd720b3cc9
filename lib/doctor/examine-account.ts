import { UserError, unlessAbsent } from "../errors";
import { keyIdentity } from "../rule";
import type { BucketFacts, RightSubject, StoreFamily, StoreRight } from "../stores";
import type { Check, CheckResult, CheckUp } from "./check-up";
import type { ExaminedAccount } from "./examined-account";
import { type NeededRight, policyFor } from "./policy-for";

/** What the user asked to check, besides the account itself. */
export interface Examination {
    readonly buckets: readonly string[];
    /** Keys that are looked up beside those of the buckets' rules. */
    readonly keys: readonly string[];
    readonly now: () => Date;
}

/** OSS refuses requests that are more than 15 minutes off. Source: https://help.aliyun.com/en/oss/user-guide/0002-00000504 */
const allowedMinutes = 15;

/**
 * Checks the credentials of an account, and each right that this package needs, by requests that write nothing. A right
 * that no such request shows is `not-checked`, never `fine`.
 */
export async function examineAccount(
    account: ExaminedAccount,
    family: StoreFamily,
    examination: Examination,
): Promise<CheckUp> {
    const examiner = new Examiner(account, family, examination);
    await examiner.examine();
    return examiner.checkUp;
}

class Examiner {
    readonly #account: ExaminedAccount;
    readonly #family: StoreFamily;
    readonly #examination: Examination;
    readonly #checks: Check[] = [];
    readonly #missing: NeededRight[] = [];
    readonly #unproven: NeededRight[] = [];
    /** Why a bucket is not where it was asked for. */
    readonly #misplaced = new Map<string, string>();
    /** Buckets that the account's list, which was read to its end, does not have. */
    #notListed: ReadonlySet<string> = new Set();
    /** Buckets on which no policy of this account grants rights, or whose service has no rules. */
    readonly #withoutRights = new Set<string>();
    #accountId: string | undefined;

    constructor(account: ExaminedAccount, family: StoreFamily, examination: Examination) {
        this.#account = account;
        this.#family = family;
        this.#examination = examination;
    }

    get checkUp(): CheckUp {
        const [missing, unproven] = [this.#missing, this.#unproven].map((needed) =>
            policyFor(needed, this.#family.rights()),
        );
        return {
            name: this.#account.name ?? this.#accountId ?? "(the default credentials)",
            checks: this.#checks,
            ...(missing === undefined ? {} : { missing }),
            ...(unproven === undefined ? {} : { unproven }),
        };
    }

    async examine(): Promise<void> {
        const hasCredentials = await this.#examineCaller();
        const isClockRight = await this.#examineClock();
        if (!hasCredentials) {
            this.#add("rights", "not-checked", "Without credentials, no right can be checked.");
            return;
        }
        if (!isClockRight) {
            this.#add("rights", "not-checked", "With this clock, the service refuses every request.");
            return;
        }
        const refusal = await this.#examineList();
        if (refusal !== undefined) {
            const used = this.#checks.findIndex(({ name }) => name === "credentials");
            const text = `${this.#checks[used]?.text} ${refusal}`;
            this.#checks[used] = { name: "credentials", result: "wrong", text };
            this.#add("rights", "not-checked", "With credentials that the service refuses, no right can be checked.");
            return;
        }
        for (const bucket of this.#examination.buckets) await this.#examineBucket(bucket);
        if (this.#examination.buckets.length === 0)
            this.#add(
                "buckets",
                "not-checked",
                "No bucket was named with --bucket, so rights on buckets and the region were not checked.",
            );
        for (const key of this.#examination.keys) await this.#examineKey(key, { region: this.#account.region });
    }

    #add(name: string, result: CheckResult, text: string, subject?: string): void {
        this.#checks.push({ name, ...(subject === undefined ? {} : { subject }), result, text });
    }

    /** @returns whether there are credentials of the expected account */
    async #examineCaller(): Promise<boolean> {
        try {
            const caller = await this.#account.describeCaller();
            const { origin, keyId, isTemporary, identity } = caller;
            const kind = isTemporary ? "temporary access key" : "access key";
            this.#add("credentials", "fine", `The ${kind} …${keyId.slice(-4)} from ${origin}.`);
            if ("unknown" in identity) this.#add("account", "not-known", `STS did not report it: ${identity.unknown}.`);
            else if ("notAsked" in identity) this.#add("account", "not-checked", `${identity.notAsked}.`);
            else {
                this.#accountId = identity.account;
                const as = identity.arn === undefined ? "" : `, as ${identity.arn}`;
                this.#add("account", "fine", `${identity.account}${as}.`);
            }
            const note = await this.#account.verify();
            if (note !== undefined) this.#add("account.id", "not-known", note);
            return true;
        } catch (error) {
            if (!(error instanceof UserError)) throw error;
            const isWrong = error.kind === "wrong-account";
            this.#add(isWrong ? "account.id" : "credentials", isWrong ? "wrong" : "missing", error.message);
            return false;
        }
    }

    /** @returns whether requests can be signed with this machine's time, as far as that is known */
    async #examineClock(): Promise<boolean> {
        const asked = this.#examination.now();
        const time = await this.#account.serviceTime();
        const answered = this.#examination.now();
        if (time === undefined) {
            this.#add("clock", "not-known", "The service could not be asked for its time.");
            return true;
        }
        // The service wrote its time, in whole seconds, at some moment between.
        const local = (asked.getTime() + answered.getTime()) / 2;
        const seconds = Math.round((local - time.getTime()) / 1_000);
        const apart = `${Math.abs(seconds)} s ${seconds < 0 ? "behind" : "ahead of"} the service's`;
        if (Math.abs(seconds) <= allowedMinutes * 60) {
            this.#add("clock", "fine", `This machine's clock is ${apart}.`);
            return true;
        }
        if (this.#account.isCompatibleOnly) {
            // What the requests show for rights shows this too.
            const text = `This machine's clock is ${apart}. Whether the service at this endpoint accepts that is not known.`;
            this.#add("clock", "not-known", text);
            return true;
        }
        const text = `This machine's clock is ${apart}, and a request may be ${allowedMinutes} minutes off. Set the clock.`;
        this.#add("clock", "wrong", text);
        return false;
    }

    /** @returns why the service refuses the credentials themselves, if it does */
    async #examineList(): Promise<string | undefined> {
        let refusal: string | undefined;
        for (const right of this.#rights("list")) {
            refusal ??= await this.#examineRight(right, {}, async () => {
                // The list contains the regions of the buckets, so it is read until all of them were seen.
                const wanted = new Set(this.#examination.buckets);
                for await (const { name, owner } of this.#account.directory.listBuckets()) {
                    this.#accountId ??= owner;
                    wanted.delete(name);
                    if (wanted.size === 0) break;
                }
                // Other services may list only what the credentials may use.
                if (!this.#account.isCompatibleOnly) this.#notListed = wanted;
            });
        }
        return refusal;
    }

    async #examineBucket(bucket: string): Promise<void> {
        const { directory } = this.#account;
        let facts: BucketFacts | undefined;
        const describe = async (): Promise<void> => {
            facts = await directory.describeBucket(bucket);
        };
        const describing = this.#rights("describe");
        for (const right of describing) await this.#examineRight(right, { bucket }, describe);
        let key = typeof facts?.rule === "object" ? facts.rule.kmsMasterKeyId : undefined;
        for (const right of this.#rights("rule"))
            await this.#examineRight(right, { bucket }, async () => {
                // Where no right is for a description alone, it is made of the rule and where that was found.
                if (describing.length === 0) await describe();
                const rule = await unlessAbsent(directory.getRule(bucket), "rule-not-found");
                key ??= rule?.kmsMasterKeyId;
            });
        for (const right of this.#rights("none")) {
            if (!this.#withoutRights.has(bucket))
                this.#unproven.push({ right, subject: { bucket, account: this.#accountId } });
            this.#add(
                right.action,
                "not-checked",
                `No request shows the right for ${right.purpose} without writing.`,
                bucket,
            );
        }
        this.#examineRegion(bucket, facts);
        const region = facts?.region;
        if (keyIdentity(key) !== undefined && key !== undefined) await this.#examineKey(key, { bucket, region });
    }

    #examineRegion(bucket: string, facts: BucketFacts | undefined): void {
        const { region: configured, isCompatibleOnly } = this.#account;
        const add = (result: CheckResult, text: string): void => this.#add("region", result, text, bucket);
        const misplaced = this.#misplaced.get(bucket);
        if (misplaced !== undefined) add("wrong", misplaced);
        else if (facts === undefined) add("not-known", "The bucket's region is not known.");
        else if (facts.isRegionAssumed) {
            const what = "The service at this endpoint does not name the bucket's region";
            add("not-checked", `${what}; requests are signed for ${facts.region}.`);
        } else if (configured === undefined || configured === facts.region) add("fine", `${facts.region}.`);
        else {
            const what = `The bucket is in ${facts.region}, and the configured region is ${configured}.`;
            if (isCompatibleOnly)
                add("not-checked", `${what} Whether the service at this endpoint minds is not known.`);
            else add("wrong", what);
        }
    }

    async #examineKey(key: string, { bucket, region }: RightSubject): Promise<void> {
        const [right] = this.#rights("key");
        const shown = `key …${key.slice(-4)}`;
        const subject = bucket === undefined ? shown : `${bucket}, ${shown}`;
        if (right === undefined) {
            this.#add("key", "not-checked", "Keys of this kind of store are not looked up.", subject);
            return;
        }
        const needed = { right, subject: { key, region, account: this.#accountId } };
        const answer = await this.#account.lookUpKey({ name: key, region });
        if (answer === undefined) {
            this.#unproven.push(needed);
            this.#add(right.action, "not-checked", "No KMS endpoint is known for this endpoint of the store.", subject);
        } else if ("unknown" in answer) {
            const isRefused = /NoPermission|Forbidden(?!\.KeyNotFound|\.AliasNotFound)|AccessDenied/.test(
                answer.unknown,
            );
            (isRefused ? this.#missing : this.#unproven).push(needed);
            this.#add(right.action, isRefused ? "missing" : "not-known", `KMS answered: ${answer.unknown}.`, subject);
        } else {
            this.#add(right.action, "fine", `For ${right.purpose}.`, subject);
            if ("missing" in answer) this.#add("key", "wrong", "KMS has no such key.", subject);
            else if (answer.found.state === undefined)
                this.#add("key", "not-known", "KMS did not report its state.", subject);
            else if (answer.found.state === "Enabled") this.#add("key", "fine", "Enabled.", subject);
            else this.#add("key", "wrong", `Its state is ${answer.found.state}.`, subject);
        }
    }

    #rights(shownBy: StoreRight["shownBy"]): readonly StoreRight[] {
        return this.#family.rights().rights.filter((right) => right.shownBy === shownBy);
    }

    /** @returns why the service refuses the credentials themselves, if it does */
    async #examineRight(
        right: StoreRight,
        subject: RightSubject,
        ask: () => Promise<void>,
    ): Promise<string | undefined> {
        const add = (result: CheckResult, text: string): void => this.#add(right.action, result, text, subject.bucket);
        try {
            await ask();
            add("fine", `For ${right.purpose}.`);
        } catch (error) {
            if (!(error instanceof UserError)) throw error;
            if (error.kind === "credentials-rejected" && subject.bucket === undefined) return error.message;
            const needed = { right, subject: { ...subject, account: this.#accountId } };
            if (error.kind === "access-denied" && this.#notListed.has(subject.bucket ?? "")) {
                // No policy of this account grants rights on it.
                this.#withoutRights.add(subject.bucket ?? "");
                add("wrong", `The bucket is not in the account's list, so another account owns it. ${error.message}`);
            } else if (error.kind === "access-denied") {
                this.#missing.push(needed);
                add("missing", `It is needed for ${right.purpose}. ${error.message}`);
            } else if (error.kind === "not-supported" && subject.bucket !== undefined) {
                this.#withoutRights.add(subject.bucket);
                add("wrong", error.message);
            } else if (error.kind === "bucket-not-found") add("wrong", error.message);
            else {
                if (error.kind === "wrong-endpoint" && subject.bucket !== undefined)
                    this.#misplaced.set(subject.bucket, error.message);
                this.#unproven.push(needed);
                add("not-known", error.message);
            }
        }
        return undefined;
    }
}
