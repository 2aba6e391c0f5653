// What stands in for parts of age that a round never uses: other kinds of keys, and passphrases.
// A round's key is always X25519; leaving the rest out halves what a participant downloads.

const notBuiltIn = () => {
  throw new Error("this build of age seals to X25519 keys alone");
};

export const MLKEM768P256 = { keygen: notBuiltIn, encapsulate: notBuiltIn, decapsulate: notBuiltIn };
export const MLKEM768X25519 = MLKEM768P256;
export const p256 = { getPublicKey: notBuiltIn, getSharedSecret: notBuiltIn };
export const scrypt = notBuiltIn;
