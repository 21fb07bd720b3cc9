/** Compares semantic versions; an empty text is the lowest (semver.org, 11). Build metadata does not count. */
export function comparedVersions(one: string, other: string): number {
    const [left, right] = [partsOf(one), partsOf(other)];
    for (let index = 0; index < 3; index++) {
        const difference = (left.numbers[index] ?? -1) - (right.numbers[index] ?? -1);
        if (difference !== 0) return difference;
    }
    if (left.prerelease.length === 0 || right.prerelease.length === 0)
        return Number(left.prerelease.length === 0) - Number(right.prerelease.length === 0);
    for (let index = 0; index < Math.max(left.prerelease.length, right.prerelease.length); index++) {
        const difference = comparedIdentifiers(left.prerelease[index], right.prerelease[index]);
        if (difference !== 0) return difference;
    }
    return 0;
}

export const isPrerelease = (version: string): boolean => partsOf(version).prerelease.length > 0;

function comparedIdentifiers(one: string | undefined, other: string | undefined): number {
    if (one === undefined || other === undefined) return Number(one !== undefined) - Number(other !== undefined);
    const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (isNumber && isOtherNumber) return Number(one) - Number(other);
    if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
    return one === other ? 0 : one < other ? -1 : 1;
}

function partsOf(version: string): { readonly numbers: readonly number[]; readonly prerelease: readonly string[] } {
    const [, numbers = "", prerelease = ""] = /^v?(\d+(?:\.\d+)*)(?:-([^+]*))?/.exec(version) ?? [];
    return {
        numbers: numbers === "" ? [] : numbers.split(".").map(Number),
        prerelease: prerelease === "" ? [] : prerelease.split("."),
    };
}
