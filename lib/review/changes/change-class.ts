/**
 * What a change means for a bucket's encryption, the worst first. Where two apply, the worse one is reported.
 *
 * | class               | meaning                                                                               |
 * | ------------------- | ------------------------------------------------------------------------------------- |
 * | `protection-ignored`| a protected resource with a rule is deleted or replaced (`--ignore-protect`)          |
 * | `removed`           | the bucket has no rule any more                                                       |
 * | `weakened`          | the new rule is on a lower level, or no longer blocks an encryption type (`ruleChange`) |
 * | `unknown`           | decided at deployment: a value is a secret, not known yet, not comparable or not readable |
 * | `account-changed`   | the bucket is reached on another account's behalf, or is another service's bucket     |
 * | `key-changed`       | another given key                                                                     |
 * | `algorithm-changed` | another algorithm on the same level                                                |
 * | `added`             | the stack had no rule for the bucket                                                  |
 * | `strengthened`      | the new rule is on a higher level, or blocks more encryption types                    |
 * | `unchanged`         | the same rule, also where its owner or a setting such as the bucket key changed      |
 */
export const changeClasses = [
    "protection-ignored",
    "removed",
    "weakened",
    "unknown",
    "account-changed",
    "key-changed",
    "algorithm-changed",
    "added",
    "strengthened",
    "unchanged",
] as const;

export type ChangeClass = (typeof changeClasses)[number];

/** Sorts the worst first. */
export function compareClasses(one: ChangeClass, other: ChangeClass): number {
    return changeClasses.indexOf(one) - changeClasses.indexOf(other);
}
