/** For instance "1 bucket" and "2 buckets". For words that only take an `s`. */
export const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;
