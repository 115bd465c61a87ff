package io.pptpoperator.protocol.radius;

import java.util.ArrayList;
import java.util.List;

/** Requests of the kind that are answered with a decision (RFC 2865 section 4.1, RFC 5997). */
public final class AccessRequests {

    private AccessRequests() {}

    /**
     * A login.
     *
     * @param identifier 0 to 255
     * @param requestAuthenticator 16 random bytes that are not used again
     * @param userName as the client sent it, 1 to 253 bytes: MS-CHAPv2's response is about these bytes
     * @param connection see {@link NasAttributes}
     * @param sessionId the same as in accounting
     */
    public static RadiusPacket login(int identifier, byte[] requestAuthenticator, byte[] userName,
            AccessEvidence evidence, List<RadiusAttribute> connection, String sessionId,
            PacketAuthentication authentication) {
        var attributes = new ArrayList<RadiusAttribute>();
        attributes.add(RadiusAttribute.of(AttributeType.USER_NAME, userName));
        attributes.addAll(evidence.attributes(authentication, requestAuthenticator));
        attributes.addAll(connection);
        attributes.add(RadiusAttribute.of(AttributeType.ACCT_SESSION_ID, sessionId));
        return new RadiusPacket(RadiusCode.ACCESS_REQUEST, identifier, requestAuthenticator, attributes);
    }

    /** The question whether a server is there. */
    public static RadiusPacket status(int identifier, byte[] requestAuthenticator, String nasIdentifier) {
        return new RadiusPacket(RadiusCode.STATUS_SERVER, identifier, requestAuthenticator,
                List.of(RadiusAttribute.of(AttributeType.NAS_IDENTIFIER, nasIdentifier)));
    }
}
