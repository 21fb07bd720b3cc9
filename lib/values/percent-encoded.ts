/** A text as part of a URL, by RFC 3986: all but the unreserved characters are encoded. Half of a surrogate pair, which has no encoding, counts as U+FFFD. */
export function percentEncoded(text: string): string {
    return encodeURIComponent(Buffer.from(text).toString()).replaceAll(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
}
