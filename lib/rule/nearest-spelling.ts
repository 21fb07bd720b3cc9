import { distance } from "fastest-levenshtein";

/**
 * The allowed word that was probably meant, if one is near enough: it differs only in case or punctuation, is contained (`aws:kms`),
 * or at most a third of its letters are wrong.
 */
export function nearestSpelling<Word extends string>(found: string, allowed: readonly Word[]): Word | undefined {
    const bare = (word: string) =>
        word
            .normalize("NFKC")
            .replace(/[^a-z0-9]/gi, "")
            .toUpperCase();
    const wanted = bare(found);
    if (wanted === "") return undefined;
    const ranked = allowed
        .map((word) => ({ word, contained: wanted.includes(bare(word)), wrong: distance(wanted, bare(word)) }))
        .filter(({ word, contained, wrong }) => contained || wrong <= Math.floor(bare(word).length / 3))
        .sort((a, b) => a.wrong - b.wrong);
    return ranked[0]?.word;
}
