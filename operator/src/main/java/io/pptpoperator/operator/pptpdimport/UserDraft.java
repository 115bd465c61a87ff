package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A user that takes a line's place.
 *
 * @param resource the name of the VpnUser
 * @param entry the line
 * @param ownServer whether the line names the server, rather than any
 * @param address the address that pppd gave the user
 * @param enabled whether the user could connect at all
 * @param more further fields of the VpnUser's spec
 * @param comments what to say above the resource
 */
record UserDraft(String resource, ChapSecrets.Entry entry, boolean ownServer, Optional<Ipv4Address> address,
        boolean enabled, Map<String, Object> more, List<String> comments) {

    /** Without the secret. */
    @Override
    public String toString() {
        return "UserDraft[" + resource + "]";
    }
}
