package io.pptpoperator.operator.render;

/**
 * Why a RADIUS server, or what it may order, had to be left out of the pods' configuration.
 *
 * @param reason for programs
 * @param message for people; never a secret
 */
public record RadiusProblem(Reason reason, String message) {

    /** The reasons; their names are part of the API. */
    public enum Reason {
        /** There is no Secret of that name that has the mark. */
        SecretNotFound,
        /** The Secret has no such key. */
        SecretKeyNotFound,
        /** What stands behind the key cannot be what it is there for. */
        InvalidSecret
    }
}
