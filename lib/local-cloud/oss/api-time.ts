/** verified with oss2, which reads no other form: ISO 8601 in whole seconds, with `.000Z` behind. */
export function apiTime(milliseconds: number): string {
    return `${new Date(milliseconds).toISOString().slice(0, 19)}.000Z`;
}
