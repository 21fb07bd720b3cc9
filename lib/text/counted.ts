/** For instance "1 bucket" and "2 buckets". For nouns that only take an `s`; others have no count in our texts. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
