/** CRC-64 of ECMA-182, reflected: the polynomial that OSS's SDKs compute (CRC-64/XZ). */
const polynomialHigh = 0xc96c5795;
const polynomialLow = 0xd7870f42;

const highs = new Uint32Array(256);
const lows = new Uint32Array(256);
for (let byte = 0; byte < 256; byte += 1) {
    let high = 0;
    let low = byte;
    for (let bit = 0; bit < 8; bit += 1) {
        const isOdd = (low & 1) === 1;
        low = (low >>> 1) | ((high & 1) << 31);
        high >>>= 1;
        if (isOdd) {
            high ^= polynomialHigh;
            low ^= polynomialLow;
        }
    }
    highs[byte] = high;
    lows[byte] = low;
}

/** @returns the checksum as OSS writes it: an unsigned decimal number */
export function crc64(bytes: Uint8Array): string {
    let high = 0xffffffff;
    let low = 0xffffffff;
    for (const byte of bytes) {
        const index = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (lows[index] ?? 0);
        high = (high >>> 8) ^ (highs[index] ?? 0);
    }
    return ((BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0)).toString();
}
