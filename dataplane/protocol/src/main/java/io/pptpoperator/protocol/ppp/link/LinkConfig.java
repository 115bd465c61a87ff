package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import io.pptpoperator.protocol.ppp.lcp.EchoSettings;
import io.pptpoperator.protocol.ppp.lcp.LcpSettings;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Everything that a link is built with.
 *
 * @param role server or client
 * @param mru the longest information field, in bytes, that this end announces
 * @param encryption whether and how to encrypt
 * @param echo when to probe a silent peer
 * @param timers how long to wait for what
 */
public record LinkConfig(LinkRole role, int mru, EncryptionSettings encryption, EchoSettings echo, LinkTimers timers) {

    /**
     * Checks that the parts fit together.
     *
     * @throws IllegalArgumentException when encryption is required but no method yields keys for it, or the MRU is out
     *     of range
     */
    public LinkConfig {
        if (usable(role, encryption).isEmpty()) {
            throw new IllegalArgumentException("encryption is required, but none of the methods allowed ("
                    + role.methods().stream().map(AuthMethod::label).collect(Collectors.joining(", "))
                    + ") yields keys for it; mschapv2 would");
        }
        new LcpSettings(mru, List.of(), List.of());
    }

    /** LCP's part of it. */
    LcpSettings lcp() {
        List<AuthMethod> methods = usable(role, encryption);
        return switch (role) {
            case LinkRole.Server server -> new LcpSettings(mru, methods, List.of());
            case LinkRole.Client client -> new LcpSettings(mru, List.of(), methods);
        };
    }

    /** Where encryption is required, a method without keys would lead into a dead end: it is not offered. */
    private static List<AuthMethod> usable(LinkRole role, EncryptionSettings encryption) {
        return role.methods()
                .stream()
                .filter(method -> encryption.policy() != EncryptionPolicy.REQUIRED || method.yieldsMppeKeys())
                .toList();
    }
}
