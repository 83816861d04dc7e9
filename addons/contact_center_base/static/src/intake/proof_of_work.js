// So many attempts are under way at once; the page stays usable between them.
const BATCH = 256;

function hasZeroBits(bytes, bits) {
    const head = ((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) >>> 0;
    return head < 2 ** (32 - bits);
}

/**
 * Finds a number for which the SHA-256 of `puzzle:number` begins with so many zero bits; see `proof_of_work.py`.
 *
 * @param {string} puzzle
 * @param {number} bits at most 32
 * @returns {Promise<string>} empty where the browser can't: on pages without encryption
 */
export async function solve(puzzle, bits) {
    if (!window.crypto?.subtle) {
        return "";
    }
    const encoder = new TextEncoder();
    const attempt = async (number) => {
        const digest = await crypto.subtle.digest("SHA-256", encoder.encode(`${puzzle}:${number}`));
        return hasZeroBits(new Uint8Array(digest), bits);
    };
    for (let first = 0; ; first += BATCH) {
        const numbers = Array.from({ length: BATCH }, (_, index) => first + index);
        const solved = await Promise.all(numbers.map(attempt));
        if (solved.includes(true)) {
            return String(first + solved.indexOf(true));
        }
    }
}
