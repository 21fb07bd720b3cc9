/** Removes the oldest entries of a set or a map that has more than `most`. */
export function keepNewest<Key>(kept: Set<Key> | Map<Key, unknown>, most: number): void {
    for (const oldest of kept.keys()) {
        if (kept.size <= most) return;
        kept.delete(oldest);
    }
}
