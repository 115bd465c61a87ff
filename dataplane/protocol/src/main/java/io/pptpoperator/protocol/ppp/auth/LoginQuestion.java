package io.pptpoperator.protocol.ppp.auth;

/**
 * What an authenticator wants to know of its peer: whether the evidence proves that it is the user it claims to be, and
 * what such a user is granted. Whoever decides may answer in the same call or take its time.
 *
 * @param name as the peer sent it, with any {@code DOMAIN\} or {@code @realm}
 * @param evidence what the peer sent as a proof
 * @param repeated whether the peer has proved itself on this link before and now waits for an answer to another
 *     response: only {@link LoginAnswer.Accepted}'s proof counts then, nothing is granted anew
 */
public record LoginQuestion(String name, LoginEvidence evidence, boolean repeated) {

    /** The method by which the peer proves itself. */
    public AuthMethod method() {
        return evidence.method();
    }
}
