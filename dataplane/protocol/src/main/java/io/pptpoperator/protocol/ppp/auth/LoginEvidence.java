package io.pptpoperator.protocol.ppp.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** What a peer sent to prove that it is who it claims to be. Its text form never shows a password. */
public sealed interface LoginEvidence {

    /** The method that it follows. */
    AuthMethod method();

    /**
     * Verifies it, in the same time whether it is right or wrong.
     *
     * @return what the authenticator owes the peer in return; empty when the evidence is wrong, or has not the method's
     *     form, or the method cannot be verified with such credentials
     */
    Optional<LoginProof> provenBy(Credentials credentials);

    /**
     * The response of a CHAP method to a challenge (RFC 1994 section 4.1).
     *
     * @param identifier of the Response packet
     * @param challenge the value of the Challenge packet
     * @param value of the Response packet
     * @param name of the Response packet, as MS-CHAPv2 hashes it
     */
    record Chap(AuthMethod method, int identifier, byte[] challenge, byte[] value,
            byte[] name) implements LoginEvidence {

        @Override
        public Optional<LoginProof> provenBy(Credentials credentials) {
            return ChapVerifier.of(method)
                    .verify(challenge, new ChapPacket.Response(identifier, value, name), credentials);
        }
    }

    /**
     * One packet of a conversation by EAP, which whoever decides goes on with (RFC 3748).
     *
     * @param packet the peer's Response
     * @param conversation what {@link LoginAnswer.Continued} gave with the Request that it answers; none with the first
     * @param longest bytes that a Request may have to go through the link
     */
    record Eap(byte[] packet, List<byte[]> conversation, int longest) implements LoginEvidence {

        /** Copies the list, and none of its arrays. */
        public Eap {
            conversation = List.copyOf(conversation);
        }

        @Override
        public AuthMethod method() {
            return AuthMethod.EAP;
        }

        /** No password that is known here proves it. */
        @Override
        public Optional<LoginProof> provenBy(Credentials credentials) {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "Eap[hidden]";
        }
    }

    /** The password itself (RFC 1334 section 2.2.1). */
    record Pap(byte[] password) implements LoginEvidence {

        @Override
        public AuthMethod method() {
            return AuthMethod.PAP;
        }

        @Override
        public Optional<LoginProof> provenBy(Credentials credentials) {
            boolean right = switch (credentials) {
                case Credentials.Password(String expected) -> MessageDigest.isEqual(expected.getBytes(UTF_8), password);
                case Credentials.NtHash ignored -> false;
            };
            return right ? Optional.of(LoginProof.WELCOME) : Optional.empty();
        }

        @Override
        public String toString() {
            return "Pap[hidden]";
        }
    }
}
