/**
 * One statement of a RAM policy, with lists in place of single values.
 * documented: Policy structure and syntax (doc 28664).
 */
export interface Statement {
    readonly effect: "Allow" | "Deny";
    readonly actions: readonly string[];
    readonly resources: readonly string[];
}

/** A policy that is malformed or has elements that are not evaluated here. */
export class PolicyGrammarError extends Error {}

/**
 * A session policy as STS takes it: a JSON text with Version and Statement.
 * @throws PolicyGrammarError
 */
export function readPolicy(text: string): Statement[] {
    return readPolicyStatements(text).map(readStatement);
}

/** The statements of a policy's JSON text, not yet read. @throws PolicyGrammarError */
export function readPolicyStatements(text: string): unknown[] {
    let policy: unknown;
    try {
        policy = JSON.parse(text);
    } catch {
        throw new PolicyGrammarError("it is not JSON");
    }
    const { Version, Statement: statements } = members(policy, ["Version", "Statement"], "the policy");
    if (Version !== "1") {
        throw new PolicyGrammarError('its Version must be "1"');
    }
    if (statements === undefined) {
        throw new PolicyGrammarError("it has no Statement");
    }
    return Array.isArray(statements) ? statements : [statements];
}

/**
 * A statement in RAM's own syntax: Effect, Action and Resource, each of the latter a text or a list.
 * @throws PolicyGrammarError also for Condition, NotAction and NotResource, which are not evaluated here: to ignore
 * them would allow what the real service refuses
 */
export function readStatement(value: unknown): Statement {
    const { Effect, Action, Resource } = members(value, ["Effect", "Action", "Resource"], "a statement");
    if (Effect !== "Allow" && Effect !== "Deny") {
        throw new PolicyGrammarError("Effect must be Allow or Deny");
    }
    const actions = texts(Action, "Action");
    for (const action of actions) {
        if (action !== "*" && !/^[\w-]+:[\w*?]+$/.test(action)) {
            throw new PolicyGrammarError(`Action ${JSON.stringify(action.slice(0, 80))} must be like oss:GetBucket*`);
        }
    }
    const resources = texts(Resource, "Resource");
    for (const resource of resources) {
        if (resource !== "*" && !/^acs:[^:]*:[^:]*:[^:]*:.+$/.test(resource)) {
            throw new PolicyGrammarError(
                `Resource ${JSON.stringify(resource.slice(0, 80))} must be * or like acs:oss:*:*:example-bucket/*`,
            );
        }
    }
    return { effect: Effect, actions, resources };
}

function members(value: unknown, names: readonly string[], what: string): Record<string, unknown> {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new PolicyGrammarError(`${what} must be an object`);
    }
    for (const name of Object.keys(value)) {
        if (!names.includes(name)) {
            throw new PolicyGrammarError(`${what} has ${name.slice(0, 40)}; the local cloud knows ${names.join(", ")}`);
        }
    }
    return value as Record<string, unknown>;
}

function texts(value: unknown, name: string): string[] {
    const list = Array.isArray(value) ? value : [value];
    if (list.length === 0 || !list.every((item) => typeof item === "string" && item !== "")) {
        throw new PolicyGrammarError(`${name} must be a text or a list of texts`);
    }
    return list;
}
