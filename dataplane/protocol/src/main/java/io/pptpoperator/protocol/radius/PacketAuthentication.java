package io.pptpoperator.protocol.radius;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs packets with the secret that both ends share, and finds out whether a packet was signed with it. Every comparison
 * takes the same time whatever is compared. Every request carries a Message-Authenticator as its first attribute, and
 * replies are asked for one (CVE-2024-3596: an MD5 collision makes a Reject an Accept without it).
 */
public final class PacketAuthentication {
    private static final byte[] ZEROS = new byte[RadiusPacket.AUTHENTICATOR];

    private final byte[] secret;

    /** @param secret what both ends share, at least one byte; is copied */
    public PacketAuthentication(byte[] secret) {
        if (secret.length == 0) {
            throw new IllegalArgumentException("the shared secret is empty");
        }
        this.secret = secret.clone();
    }

    /** The secret, for the attributes that are hidden with it. */
    byte[] secret() {
        return secret;
    }

    /**
     * The bytes of a request, with its Message-Authenticator first.
     *
     * @param request its authenticator is the random Request Authenticator of an Access-Request or a Status-Server, and
     *     without meaning otherwise
     */
    public byte[] signRequest(RadiusPacket request) {
        boolean random = request.code().drawsItsAuthenticator();
        RadiusPacket prepared = prepared(request, random ? request.authenticator() : ZEROS);
        byte[] bytes = prepared.encode();
        sealMessage(bytes);
        if (!random) {
            put(bytes, md5(bytes, secret));
        }
        return bytes;
    }

    /**
     * The bytes of a reply to a request, with its Message-Authenticator first.
     *
     * @param requestAuthenticator the 16 bytes of the request that is answered
     */
    public byte[] signReply(RadiusPacket reply, byte[] requestAuthenticator) {
        byte[] bytes = prepared(reply, requestAuthenticator).encode();
        sealMessage(bytes);
        put(bytes, md5(bytes, secret));
        return bytes;
    }

    private static RadiusPacket prepared(RadiusPacket packet, byte[] authenticator) {
        List<RadiusAttribute> attributes = new ArrayList<>();
        attributes.add(RadiusAttribute.of(AttributeType.MESSAGE_AUTHENTICATOR, ZEROS));
        packet.attributes().stream().filter(it -> !it.is(AttributeType.MESSAGE_AUTHENTICATOR)).forEach(attributes::add);
        return new RadiusPacket(packet.code(), packet.identifier(), authenticator, attributes);
    }

    /** Puts the digest into a packet whose first attribute is a Message-Authenticator of zeros (RFC 3579 section 3.2). */
    private void sealMessage(byte[] bytes) {
        byte[] digest = hmac(bytes);
        System.arraycopy(digest, 0, bytes, RadiusPacket.HEADER + 2, digest.length);
    }

    /** What a reply has to show. */
    public enum Demand {
        /** A Message-Authenticator. */
        MESSAGE_AUTHENTICATOR,
        /** A right one if there is one: what servers answered before 2024, and answer to accounting. */
        RESPONSE_AUTHENTICATOR
    }

    /**
     * Decodes a reply to a request.
     *
     * @param bytes what arrived
     * @param request what is answered
     * @param requestAuthenticator the 16 bytes that the request was sent with
     * @throws RadiusException when it is no such reply, or not from somebody who knows the secret
     */
    public RadiusPacket readReply(byte[] bytes, RadiusPacket request, byte[] requestAuthenticator, Demand demand)
            throws RadiusException {
        RadiusPacket reply = RadiusPacket.decode(bytes);
        if (reply.identifier() != request.identifier()) {
            throw new RadiusException("Identifier " + reply.identifier() + " answers no request");
        }
        if (!answers(reply.code(), request.code())) {
            throw new RadiusException(reply.code() + " is no answer to " + request.code());
        }
        byte[] exact = Arrays.copyOf(bytes, RadiusPacket.length(bytes));
        byte[] signed = exact.clone();
        put(signed, requestAuthenticator);
        if (!MessageDigest.isEqual(md5(signed, secret), reply.authenticator())) {
            throw new RadiusException("the Response Authenticator is wrong: another secret, or a forgery");
        }
        boolean there = checkMessage(signed, reply);
        if (!there && demand == Demand.MESSAGE_AUTHENTICATOR) {
            throw new RadiusException(RadiusException.Kind.NO_MESSAGE_AUTHENTICATOR,
                    "there is no Message-Authenticator");
        }
        return reply;
    }

    private static boolean answers(RadiusCode reply, RadiusCode request) {
        return switch (request) {
            case ACCESS_REQUEST -> reply == RadiusCode.ACCESS_ACCEPT || reply == RadiusCode.ACCESS_REJECT
                    || reply == RadiusCode.ACCESS_CHALLENGE;
            case ACCOUNTING_REQUEST -> reply == RadiusCode.ACCOUNTING_RESPONSE;
            case STATUS_SERVER -> reply == RadiusCode.ACCESS_ACCEPT || reply == RadiusCode.ACCOUNTING_RESPONSE;
            case DISCONNECT_REQUEST -> reply == RadiusCode.DISCONNECT_ACK || reply == RadiusCode.DISCONNECT_NAK;
            case COA_REQUEST -> reply == RadiusCode.COA_ACK || reply == RadiusCode.COA_NAK;
            default -> false;
        };
    }

    /**
     * Decodes a request of somebody who must know the secret.
     *
     * @throws RadiusException when it is none, or when its authenticators are not right. An Access-Request, whose own
     *     authenticator is random, needs a Message-Authenticator.
     */
    public RadiusPacket readRequest(byte[] bytes) throws RadiusException {
        RadiusPacket request = RadiusPacket.decode(bytes);
        byte[] exact = Arrays.copyOf(bytes, RadiusPacket.length(bytes));
        boolean random = request.code().drawsItsAuthenticator();
        if (!random) {
            byte[] unsigned = exact.clone();
            put(unsigned, ZEROS);
            if (!MessageDigest.isEqual(md5(unsigned, secret), request.authenticator())) {
                throw new RadiusException("the Request Authenticator is wrong: another secret, or a forgery");
            }
            // RFC 5176 section 3.3: the digest was made before the Request Authenticator was known.
            exact = unsigned;
        }
        if (!checkMessage(exact, request) && random) {
            throw new RadiusException(RadiusException.Kind.NO_MESSAGE_AUTHENTICATOR,
                    "there is no Message-Authenticator");
        }
        return request;
    }

    /** Whether there is a Message-Authenticator; throws when it is there and wrong, or there twice. */
    private boolean checkMessage(byte[] signed, RadiusPacket packet) throws RadiusException {
        List<RadiusAttribute> found = packet.all(AttributeType.MESSAGE_AUTHENTICATOR);
        if (found.isEmpty()) {
            return false;
        }
        if (found.size() > 1 || found.getFirst().length() != RadiusPacket.AUTHENTICATOR) {
            throw new RadiusException("the Message-Authenticator is not one of 16 bytes");
        }
        byte[] blank = signed.clone();
        int at = RadiusPacket.HEADER;
        while ((blank[at] & 0xff) != AttributeType.MESSAGE_AUTHENTICATOR.number()) {
            at += blank[at + 1] & 0xff;
        }
        Arrays.fill(blank, at + 2, at + 2 + RadiusPacket.AUTHENTICATOR, (byte) 0);
        if (!MessageDigest.isEqual(hmac(blank), found.getFirst().bytes())) {
            throw new RadiusException("the Message-Authenticator is wrong: another secret, or a forgery");
        }
        return true;
    }

    private static void put(byte[] bytes, byte[] authenticator) {
        System.arraycopy(authenticator, 0, bytes, RadiusPacket.AUTHENTICATOR_AT, RadiusPacket.AUTHENTICATOR);
    }

    static byte[] md5(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    private byte[] hmac(byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(secret, "HmacMD5"));
            return mac.doFinal(bytes);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HmacMD5", e);
        }
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return "PacketAuthentication";
    }
}
