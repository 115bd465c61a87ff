package io.pptpoperator.protocol.ppp.auth;

import java.util.Arrays;

/** What a server knows to verify one user's proof of password. Its text form never shows the secret. */
public sealed interface Credentials {

    /** The clear password: every method can be verified. */
    record Password(String value) implements Credentials {
        @Override
        public String toString() {
            return "Password[hidden]";
        }
    }

    /**
     * MD4 of the password in UTF-16LE (RFC 2759 section 8.3), 16 bytes: only MS-CHAP can be verified.
     */
    record NtHash(byte[] value) implements Credentials {

        /** Checks the length. */
        public NtHash {
            if (value.length != 16) {
                throw new IllegalArgumentException("an NT hash has 16 bytes, not " + value.length);
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof NtHash that && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "NtHash[hidden]";
        }
    }
}
